//! Commits that are sent again.

use serde_json::json;

use crate::support::organization;

#[tokio::test]
async fn the_same_commit_again_answers_the_same_version() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"x").await;
    let folder = organization.tab(0);
    let first = organization
        .commit(&creator, &folder, &upload, "a.pdf", &[("number", "1")])
        .await
        .expect(200)
        .json();
    let again = organization
        .commit(&creator, &folder, &upload, "a.pdf", &[("number", "1")])
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&first["id"], &first["version"], &first["modifiedAt"]),
        (&again["id"], &again["version"], &again["modifiedAt"])
    );
    organization.commit(&creator, &folder, &upload, "b.pdf", &[("number", "1")]).await.problem(409);
    organization.commit(&creator, &folder, &upload, "a.pdf", &[("number", "2")]).await.problem(409);
    organization
        .commit(&creator, &organization.tab(1), &upload, "a.pdf", &[("number", "1")])
        .await
        .problem(409);
    let path = format!("/api/documents/{}/versions", first["documentId"].as_str().unwrap());
    assert_eq!(creator.get(&path).await.expect(200).json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_idempotency_key_answers_the_same_version_and_refuses_another_body() {
    let organization = organization();
    let creator = organization.creator().with_header("idempotency-key", "order-4711");
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let upload = organization.upload(&creator, b"x").await;
    let body = json!({ "fileName": "a.pdf", "uploadId": upload.id });
    let first = creator.post(&path, &body).await.expect(200).json();
    let again = creator.post(&path, &body).await.expect(200).json();
    assert_eq!(first["id"], again["id"]);
    let link = again["downloadUrl"].as_str().unwrap();
    assert_eq!(organization.anonymous().get(link).await.expect(200).body, b"x");
    // The key is looked at before the uploadId.
    creator
        .post(
            &path,
            &json!({ "fileName": "a.pdf", "uploadId": "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e" }),
        )
        .await
        .problem(422);
    // Keys belong to their client.
    let admin = organization.admin().with_header("idempotency-key", "order-4711");
    admin.post(&path, &json!({ "fileName": "a.pdf", "uploadId": upload.id })).await.problem(404);
}

#[tokio::test]
async fn a_refusal_is_not_kept_under_an_idempotency_key() {
    let organization = organization();
    let creator = organization.creator().with_header("idempotency-key", "retry");
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let upload = organization.presign(&creator).await;
    let body = json!({ "fileName": "a.pdf", "uploadId": upload.id });
    creator.post(&path, &body).await.problem(409);
    organization.anonymous().put(&upload.url, b"x".to_vec()).await.expect(201);
    creator.post(&path, &body).await.expect(200);
}
