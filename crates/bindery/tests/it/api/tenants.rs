//! The token, the tenant header, the role: checked in this order.

use serde_json::json;

use crate::support::organization;

#[tokio::test]
async fn without_a_token_every_call_is_401_and_says_how_to_authenticate() {
    let organization = organization();
    let answer = organization.anonymous().get("/api/binders").await;
    assert_eq!(
        answer.header("www-authenticate").split(',').next().unwrap().trim(),
        answer.header("www-authenticate").trim()
    );
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    assert!(!answer.header("www-authenticate").contains("invalid_token"));
    answer.problem(401);
}

#[tokio::test]
async fn a_bad_token_is_401_invalid_token() {
    let organization = organization();
    let good = organization.reader().token().await;
    let (head, signature) = good.rsplit_once('.').unwrap();
    let flipped =
        format!("{head}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    for token in ["nonsense", "a.b.c", &flipped, &format!("{head}."), ""] {
        let answer = organization
            .anonymous()
            .with_header("authorization", &format!("Bearer {token}"))
            .get("/api/binders")
            .await;
        if !token.is_empty() {
            assert!(
                answer.header("www-authenticate").contains("error=\"invalid_token\""),
                "{token}"
            );
        }
        answer.problem(401);
    }
    organization
        .anonymous()
        .with_header("authorization", "Basic Zm9vOmJhcg==")
        .get("/api/binders")
        .await
        .problem(401);
}

#[tokio::test]
async fn the_tenant_header_is_required_well_formed_and_the_clients_own() {
    let (organization, other) = (organization(), organization());
    let reader = organization.reader();
    let fields =
        reader.without_header("x-ibinder-tenantid").get("/api/binders").await.error_fields();
    assert_eq!(fields, ["x-ibinder-tenantid"]);
    reader.with_header("x-ibinder-tenantid", "not-a-guid").get("/api/binders").await.problem(400);
    reader.with_header("x-ibinder-tenantid", &other.id).get("/api/binders").await.problem(403);
    reader
        .with_header("x-ibinder-tenantid", &organization.id.to_uppercase())
        .get("/api/binders")
        .await
        .expect(200);
}

#[tokio::test]
async fn the_presigned_upload_call_needs_no_tenant_header() {
    let organization = organization();
    let creator = organization.creator().without_header("x-ibinder-tenantid");
    let answer =
        creator.get("/api/documents/uploads/personalstorage/presignedupload").await.expect(200);
    let body = answer.json();
    assert_eq!(body["uploadId"].as_str().unwrap().len(), 36);
    assert!(body["presignedUrl"].as_str().unwrap().starts_with("http"));
    assert!(answer.header("cache-control").contains("no-store"));
}

#[tokio::test]
async fn a_reader_may_neither_presign_nor_commit() {
    let organization = organization();
    let reader = organization.reader();
    reader.get("/api/documents/uploads/personalstorage/presignedupload").await.problem(403);
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let problem = reader.post(&path, &json!({ "fileName": "a.pdf" })).await.problem(403);
    assert!(problem["title"].as_str().unwrap().to_lowercase().contains("creator"), "{problem}");
}

#[tokio::test]
async fn another_tenants_document_is_the_same_404_as_none() {
    let (organization, other) = (organization(), organization());
    let version = other.document("secret.pdf", &[]).await;
    let theirs = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let mut foreign = organization.admin().get(&theirs).await.problem(404);
    let mut absent = organization
        .admin()
        .get("/api/documents/6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e")
        .await
        .problem(404);
    for problem in [&mut foreign, &mut absent] {
        problem.as_object_mut().unwrap().remove("traceId");
    }
    assert_eq!(foreign, absent);
}

#[tokio::test]
async fn the_checks_come_in_the_order_token_tenant_role_path_body() {
    let (organization, other) = (organization(), organization());
    let bad_body = json!({ "fileName": "", "uploadId": 7 });
    let here = format!("{}/upload", organization.drive(&organization.tab(0)));
    let nowhere = format!("{}/upload", organization.drive("6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e"));
    organization.anonymous().post(&nowhere, &bad_body).await.problem(401);
    organization
        .reader()
        .without_header("x-ibinder-tenantid")
        .post(&nowhere, &bad_body)
        .await
        .problem(400);
    organization
        .reader()
        .with_header("x-ibinder-tenantid", &other.id)
        .post(&nowhere, &bad_body)
        .await
        .problem(403);
    organization.reader().post(&nowhere, &bad_body).await.problem(403);
    organization.creator().post(&nowhere, &bad_body).await.problem(404);
    organization.creator().post(&here, &bad_body).await.problem(400);
}
