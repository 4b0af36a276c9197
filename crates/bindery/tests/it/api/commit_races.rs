//! Commits that meet: the same key at once, another organization's upload.

use serde_json::json;

use crate::support::organization;

#[tokio::test]
async fn the_same_key_at_once_makes_one_version_and_others_are_told_to_wait() {
    let organization = organization();
    let creator = organization.creator().with_header("idempotency-key", "order-17");
    creator.token().await;
    let upload = organization.upload(&creator, b"x").await;
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (creator, path) = (creator.clone(), path.clone());
        let body = json!({ "fileName": "a.pdf", "uploadId": upload.id });
        running.spawn(async move { creator.post(&path, &body).await });
    }
    let mut made = Vec::new();
    for answer in running.join_all().await {
        if answer.status == 409 {
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            answer.problem(409);
        } else {
            made.push(answer.expect(200).json()["id"].clone());
        }
    }
    made.dedup();
    assert_eq!(made.len(), 1, "{made:?}");
    let body = json!({ "fileName": "a.pdf", "uploadId": upload.id });
    assert_eq!(creator.post(&path, &body).await.expect(200).json()["id"], made[0]);
}

#[tokio::test]
async fn the_same_upload_at_once_makes_one_version() {
    let organization = organization();
    let creator = organization.creator();
    creator.token().await;
    let upload = organization.upload(&creator, b"x").await;
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let mut running = tokio::task::JoinSet::new();
    for n in 0..16 {
        let (creator, path) = (creator.clone(), path.clone());
        let name = if n % 2 == 0 { "a.pdf" } else { "b.pdf" };
        let body = json!({ "fileName": name, "uploadId": upload.id });
        running.spawn(async move { creator.post(&path, &body).await });
    }
    let mut made = Vec::new();
    for answer in running.join_all().await {
        if answer.status == 409 {
            answer.problem(409);
        } else {
            made.push(answer.expect(200).json()["id"].clone());
        }
    }
    made.dedup();
    assert_eq!(made.len(), 1, "{made:?}");
    let page = creator.post("/api/documents", &json!({})).await.expect(200).json();
    assert_eq!(page["totalCount"], 1);
}

#[tokio::test]
async fn another_organizations_upload_does_not_exist() {
    let (organization, other) = (organization(), organization());
    let upload = organization.upload(&organization.creator(), b"x").await;
    let intruder = other.creator();
    other.commit(&intruder, &other.tab(0), &upload, "a.pdf", &[]).await.problem(404);
    // Nor does another organization's folder.
    let theirs = other.upload(&intruder, b"x").await;
    organization.commit(&intruder, &organization.tab(0), &theirs, "a.pdf", &[]).await.problem(404);
    let creator = organization.creator();
    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", &[]).await.expect(200);
}
