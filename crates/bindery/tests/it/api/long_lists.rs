//! Lists without paging come whole, however long.

use std::collections::HashSet;

use serde_json::json;

use crate::support::{organization, pluck};

#[tokio::test]
async fn a_folder_of_1200_documents_is_listed_whole_and_in_order() {
    let organization = organization();
    let creator = organization.creator();
    creator.token().await;
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..24 {
        let (creator, anonymous, path) = (creator.clone(), organization.anonymous(), path.clone());
        tasks.spawn(async move {
            for n in 0..50 {
                let presigned = "/api/documents/uploads/personalstorage/presignedupload";
                let upload = creator.get(presigned).await.expect(200).json();
                let url = upload["presignedUrl"].as_str().unwrap();
                anonymous.put(url, b"same bytes".to_vec()).await.expect(201);
                let name = format!("Ritning {:04}.pdf", worker * 50 + n);
                let body = json!({ "fileName": name, "uploadId": upload["uploadId"] });
                creator.post(&path, &body).await.expect(200);
            }
        });
    }
    tasks.join_all().await;
    let path = format!("{}/documents", organization.drive(&organization.tab(0)));
    let reader = organization.reader();
    let documents = reader.get(&path).await.expect(200).json();
    let names: Vec<_> = (0..1_200).map(|n| format!("Ritning {n:04}.pdf")).collect();
    assert_eq!(pluck(&documents, "fileName"), names);
    let ids: HashSet<_> = pluck(&documents, "id").into_iter().collect();
    assert_eq!(ids.len(), 1_200);
    // Compressed, it is the same list.
    let packed = reader.with_header("accept-encoding", "gzip").get(&path).await.expect(200);
    assert_eq!(packed.header("content-encoding"), "gzip");
    let page = reader.post("/api/documents?pageSize=1000&pageNumber=2", &json!({})).await;
    let page = page.expect(200).json();
    assert_eq!(
        (&page["totalCount"], page["items"].as_array().unwrap().len()),
        (&json!(1_200), 200)
    );
}

#[tokio::test]
async fn a_document_of_many_versions_lists_them_all() {
    let organization = organization();
    let mut made = Vec::new();
    for _ in 0..120 {
        made.push(organization.document("a.pdf", &[]).await);
    }
    let path = format!("/api/documents/{}/versions", made[0]["documentId"].as_str().unwrap());
    let versions = organization.reader().get(&path).await.expect(200).json();
    assert_eq!(pluck(&versions, "id"), pluck(&json!(made), "id"));
    assert_eq!(versions[119]["version"], "120");
}
