//! The third step: uploaded bytes become a version.

use serde_json::{Value, json};

use crate::support::organization;

#[tokio::test]
async fn a_commit_answers_the_version() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"%PDF-1.7 plan").await;
    let metadata = [("discipline", "k"), ("description", "Plan 1"), ("GLOBAL_Date", "2026-03-01")];
    let answer = organization
        .commit(&creator, &organization.tab(0), &upload, "plan.pdf", &metadata)
        .await
        .expect(200);
    assert!(answer.header("cache-control").contains("no-store"));
    assert_eq!(answer.header("etag"), "");
    let version = answer.json();
    assert_eq!(version["version"], "1");
    assert_eq!(version["status"], "Active");
    assert_eq!(version["description"], "Plan 1");
    assert_eq!(version["thumbnailUrl"], Value::Null);
    assert!(version["modifiedAt"].as_str().unwrap().ends_with('Z'));
    let entries = version["metadata"].as_array().unwrap();
    let value = |id: &str| {
        let entry = entries.iter().find(|entry| entry["metadataElementId"] == id);
        entry.map_or(Value::Null, |entry| entry["valueId"].clone())
    };
    assert_eq!(value("GLOBAL_BinderId"), organization.binder(0));
    assert_eq!(value("GLOBAL_TabId"), organization.tab(0));
    assert_eq!(value("GLOBAL_TabType"), "drawings");
    assert_eq!(value("GLOBAL_CreatedBy"), format!("creator-{}", organization.id));
    assert_eq!(value("GLOBAL_Version"), "1");
    assert_eq!(value("GLOBAL_Date"), "2026-03-01");
    assert_eq!(value("discipline"), "k");
    assert_eq!(value("GLOBAL_Status"), Value::Null);
    assert_eq!(value("GLOBAL_FileName"), Value::Null);
    let bytes =
        organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!(bytes.body, b"%PDF-1.7 plan");
}

#[tokio::test]
async fn the_committed_document_is_in_the_folder_and_in_the_next_search() {
    let organization = organization();
    let version = organization.document("Fasad mot söder.pdf", &[]).await;
    let reader = organization.reader();
    let document = reader
        .get(&format!("/api/documents/{}", version["documentId"].as_str().unwrap()))
        .await
        .expect(200)
        .json();
    assert_eq!(document["fileName"], "Fasad mot söder.pdf");
    assert_eq!(document["latestVersionId"], version["id"]);
    assert_eq!(document["folderId"], organization.tab(0));
    assert_eq!(document["binderId"], organization.binder(0));
    assert_eq!(document["metadata"], version["metadata"]);
    let page = reader.post("/api/documents?searchTerm=SÖDER", &json!({})).await.expect(200).json();
    assert_eq!(page["items"], json!([document]));
    assert_eq!(page["totalCount"], 1);
}

#[tokio::test]
async fn an_upload_that_is_unknown_anothers_or_not_put_is_refused_and_stays_usable() {
    let organization = organization();
    let (creator, admin) = (organization.creator(), organization.admin());
    let folder = organization.tab(0);
    let mut unknown = organization.presign(&creator).await;
    organization.commit(&creator, &folder, &unknown, "a.pdf", &[]).await.problem(409);
    organization.anonymous().put(&unknown.url, b"later".to_vec()).await.expect(201);
    organization.commit(&admin, &folder, &unknown, "a.pdf", &[]).await.problem(404);
    organization.commit(&creator, &folder, &unknown, "a.pdf", &[]).await.expect(200);
    unknown.id = "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".to_owned();
    organization.commit(&creator, &folder, &unknown, "a.pdf", &[]).await.problem(404);
    unknown.id = "no guid".to_owned();
    organization.commit(&creator, &folder, &unknown, "a.pdf", &[]).await.problem(404);
}

#[tokio::test]
async fn fields_of_the_body_are_checked_before_the_upload() {
    let organization = organization();
    let creator = organization.creator();
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let absent = "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e";
    assert_eq!(
        creator.post(&path, &json!({ "uploadId": absent })).await.error_fields(),
        ["fileName"]
    );
    assert_eq!(
        creator.post(&path, &json!({ "fileName": "a.pdf" })).await.error_fields(),
        ["uploadId"]
    );
    let both = creator.post(&path, &json!({})).await.error_fields();
    assert_eq!(both, ["fileName", "uploadId"]);
    let metadata = json!([{ "metadataElementId": "number" }, { "value": "x" }]);
    let body = json!({ "fileName": "a.pdf", "uploadId": absent, "additionalMetadata": metadata });
    let fields = creator.post(&path, &body).await.error_fields();
    assert!(fields.contains(&"additionalMetadata[1].metadataElementId".to_owned()), "{fields:?}");
    // What needs the schema comes after the upload.
    let metadata = json!([{ "metadataElementId": "nowhere", "value": "x" }]);
    let body = json!({ "fileName": "a.pdf", "uploadId": absent, "additionalMetadata": metadata });
    creator.post(&path, &body).await.problem(404);
}

#[tokio::test]
async fn a_refused_commit_leaves_the_upload_usable_and_stores_nothing() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    let folder = organization.tab(0);
    let refused =
        organization.commit(&creator, &folder, &upload, "a.pdf", &[("area", "wide")]).await;
    assert_eq!(refused.error_fields(), ["additionalMetadata[0].value"]);
    assert_eq!(
        creator.post("/api/documents", &json!({})).await.expect(200).json()["totalCount"],
        0
    );
    organization.commit(&creator, &folder, &upload, "a.pdf", &[("area", "7.50")]).await.expect(200);
}

#[tokio::test]
async fn many_commits_to_one_name_make_one_document_with_all_versions() {
    let organization = organization();
    let creator = organization.creator();
    creator.token().await;
    let mut running = Vec::new();
    for n in 0..24 {
        let upload = organization.upload(&creator, format!("bytes {n}").as_bytes()).await;
        let (creator, path) =
            (creator.clone(), format!("{}/upload", organization.drive(&organization.tab(0))));
        let body = json!({ "fileName": "Samma namn.pdf", "uploadId": upload.id });
        running
            .push(tokio::spawn(async move { creator.post(&path, &body).await.expect(200).json() }));
    }
    let mut versions = Vec::new();
    for task in running {
        versions.push(task.await.unwrap());
    }
    let document = versions[0]["documentId"].clone();
    assert!(versions.iter().all(|version| version["documentId"] == document));
    let mut labels: Vec<u32> = versions
        .iter()
        .map(|version| version["version"].as_str().unwrap().parse().unwrap())
        .collect();
    labels.sort_unstable();
    assert_eq!(labels, (1..=24).collect::<Vec<_>>());
    let path = format!("/api/documents/{}/versions", document.as_str().unwrap());
    assert_eq!(creator.get(&path).await.expect(200).json().as_array().unwrap().len(), 24);
}
