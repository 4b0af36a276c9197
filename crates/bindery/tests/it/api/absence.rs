//! A binder in the trash is absent everywhere, and an organization that is disabled is shut out.

use std::time::{Duration, Instant};

use bindery_testkit::{Client, Organization, Server};
use serde_json::{Value, json};

use crate::support::{PROGRAM, organization};

/// Calls until the status is the wanted one; a second is what the server has to see another process's change.
async fn soon(client: &Client, path: &str, status: u16) {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let answer = client.get(path).await;
        if answer.status == status {
            return;
        }
        assert!(Instant::now() < end, "{path} is still {}", answer.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The paths that name a binder or something in it.
fn paths_of(organization: &Organization, version: &Value) -> Vec<String> {
    let document = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let version = version["id"].as_str().unwrap();
    vec![
        format!("/api/binders/{}/metadataelements", organization.binder(0)),
        format!("/api/documents/drives/binders/{}", organization.binder(0)),
        organization.drive(&organization.tab(0)),
        format!("{}/documents", organization.drive(&organization.tab(0))),
        document.clone(),
        format!("{document}/versions"),
        format!("{document}/versions/{version}"),
        format!("{document}/versions/{version}/raw"),
        format!("{document}/versions/{version}/downloadlink"),
    ]
}

fn binder_command(organization: &Organization, verb: &str) {
    let (id, binder) = (organization.id.as_str(), format!("--id={}", organization.binder(0)));
    Server::shared(PROGRAM).command_ok(&["binder", verb, &binder, "--organization", id]);
}

async fn count(organization: &Organization, query: &str, filters: Value) -> u64 {
    let body = json!({ "MetadataFilters": filters });
    let page = organization.reader().post(&format!("/api/documents{query}"), &body).await;
    let page = page.expect(200).json();
    assert_eq!(
        page["items"].as_array().unwrap().len() as u64,
        page["totalCount"].as_u64().unwrap()
    );
    page["totalCount"].as_u64().unwrap()
}

/// Counts of searches that would each find the one document, by different ways through the index.
async fn counts(organization: &Organization) -> Vec<u64> {
    let filter =
        |element: &str, value: &str| json!([{ "metadataElementId": element, "valueId": value }]);
    vec![
        count(organization, "", json!([])).await,
        count(organization, "?searchTerm=plan", json!([])).await,
        count(organization, "", filter("GLOBAL_BinderId", &organization.binder(0))).await,
        count(organization, "", filter("GLOBAL_TabId", &organization.tab(0))).await,
        count(organization, "", filter("GLOBAL_TabType", "drawings")).await,
        count(organization, "", filter("GLOBAL_Category", "legal")).await,
        count(organization, "", filter("GLOBAL_FileName", "plan.pdf")).await,
    ]
}

#[tokio::test]
async fn a_binder_in_the_trash_is_absent_and_comes_back_whole() {
    let organization = organization();
    let version = organization.document("plan.pdf", &[("GLOBAL_Category", "legal")]).await;
    let (reader, creator) = (organization.reader(), organization.creator());
    let upload = organization.upload(&creator, b"x").await;
    assert_eq!(counts(&organization).await, [1; 7]);
    binder_command(&organization, "remove");
    soon(&reader, &paths_of(&organization, &version)[0], 404).await;
    for path in paths_of(&organization, &version) {
        reader.get(&path).await.problem(404);
    }
    assert_eq!(reader.get("/api/binders").await.expect(200).json(), json!([]));
    assert_eq!(counts(&organization).await, [0; 7]);
    organization.commit(&creator, &organization.tab(0), &upload, "b.pdf", &[]).await.problem(404);
    organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.problem(404);

    binder_command(&organization, "restore");
    soon(&reader, &paths_of(&organization, &version)[0], 200).await;
    for path in paths_of(&organization, &version) {
        reader.get(&path).await.expect(200);
    }
    assert_eq!(counts(&organization).await, [1; 7]);
    // The upload waited.
    organization.commit(&creator, &organization.tab(0), &upload, "b.pdf", &[]).await.expect(200);
}

#[tokio::test]
async fn a_disabled_organization_is_shut_out_with_its_presigned_urls() {
    let (organization, other) = (organization(), organization());
    let version = organization.document("plan.pdf", &[]).await;
    let reader = organization.reader();
    let upload = organization.presign(&organization.creator()).await;
    reader.get("/api/binders").await.expect(200);
    let server = Server::shared(PROGRAM);
    server.command_ok(&["organization", "disable", &organization.id]);
    soon(&reader, "/api/binders", 401).await;
    let anonymous = organization.anonymous();
    let body = format!(
        "grant_type=client_credentials&client_id=reader-{}&client_secret=secret-reader",
        organization.id
    );
    let refused = anonymous.form("/connect/token", &body).await.expect(401);
    assert_eq!(refused.json()["error"], "invalid_client");
    let link = version["downloadUrl"].as_str().unwrap();
    let answer = anonymous.get(link).await;
    assert!(matches!(answer.status, 403 | 404), "{}", answer.status);
    anonymous.put(&upload.url, b"x".to_vec()).await.problem(403);
    other.reader().get("/api/binders").await.expect(200);

    server.command_ok(&["organization", "enable", &organization.id]);
    anonymous.form("/connect/token", &body).await.expect(200);
    anonymous.get(link).await.expect(200);
    anonymous.put(&upload.url, b"x".to_vec()).await.expect(201);
}
