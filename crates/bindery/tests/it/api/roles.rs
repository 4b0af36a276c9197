//! What the roles share, and what becomes of another's document.

use serde_json::{Value, json};

use crate::support::organization;

fn value(version: &Value, element: &str) -> Value {
    let entries = version["metadata"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["metadataElementId"] == element);
    entry.map_or(Value::Null, |entry| entry["valueId"].clone())
}

#[tokio::test]
async fn a_creator_and_an_admin_add_versions_to_each_others_documents() {
    let organization = organization();
    let folder = organization.tab(0);
    let mut made = Vec::new();
    for role in ["creator", "admin", "creator"] {
        let client = organization.client(role);
        let upload = organization.upload(&client, role.as_bytes()).await;
        let version = organization.commit(&client, &folder, &upload, "a.pdf", &[]).await;
        made.push(version.expect(200).json());
    }
    for version in &made {
        assert_eq!(version["documentId"], made[0]["documentId"]);
        // Created by names the one who made the document.
        assert_eq!(value(version, "GLOBAL_CreatedBy"), format!("creator-{}", organization.id));
    }
}

#[tokio::test]
async fn a_document_in_a_nested_folder_has_the_type_of_the_tab_above() {
    let organization = organization();
    let creator = organization.creator();
    let folders = creator.get(&organization.drive(&organization.tab(0))).await.expect(200).json();
    let folder = folders[0]["id"].as_str().unwrap();
    let upload = organization.upload(&creator, b"x").await;
    let version = organization.commit(&creator, folder, &upload, "a.pdf", &[]).await;
    let version = version.expect(200).json();
    assert_eq!(value(&version, "GLOBAL_TabId"), folder);
    assert_eq!(value(&version, "GLOBAL_TabType"), "drawings");
    for (element, wanted, count) in [
        ("GLOBAL_TabId", folder, 1),
        ("GLOBAL_TabId", organization.tab(0).as_str(), 0),
        ("GLOBAL_TabType", "drawings", 1),
        ("GLOBAL_TabType", "folder", 0),
    ] {
        let filter = json!({ "metadataElementId": element, "valueId": wanted });
        let page = creator.post("/api/documents", &json!({ "MetadataFilters": [filter] })).await;
        assert_eq!(page.expect(200).json()["totalCount"], count, "{element} {wanted}");
    }
}

#[tokio::test]
async fn ids_in_paths_and_bodies_are_taken_in_any_case() {
    let organization = organization();
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"x").await;
    let body = json!({ "FILENAME": "a.pdf", "uploadid": upload.id.to_uppercase(), "Version": null,
        "AdditionalMetadata": [{ "metadataelementid": "number", "VALUE": "7" }], "more": 1 });
    let path = format!("{}/upload", organization.drive(&organization.tab(0).to_uppercase()));
    let sent = Some(("application/vnd.ibinder+json; charset=utf-8", body.to_string().into_bytes()));
    let version = creator.send("POST", &path, sent).await.expect(200).json();
    assert_eq!(value(&version, "number"), "7");
    let (document, id) = (version["documentId"].as_str().unwrap(), version["id"].as_str().unwrap());
    assert_eq!(document, document.to_lowercase());
    let upper =
        format!("/api/documents/{}/versions/{}", document.to_uppercase(), id.to_uppercase());
    let read = creator.get(&upper).await.expect(200).json();
    assert_eq!((&read["id"], &read["documentId"]), (&version["id"], &version["documentId"]));
    let filter = json!({ "metadataElementId": "GLOBAL_TabId", "valueId": organization.tab(0).to_uppercase() });
    let page = creator.post("/api/documents", &json!({ "MetadataFilters": [filter] })).await;
    assert_eq!(page.expect(200).json()["totalCount"], 1);
    // Element ids are exact.
    let filter = json!({ "metadataElementId": "NUMBER", "valueId": "7" });
    creator.post("/api/documents", &json!({ "MetadataFilters": [filter] })).await.problem(400);
}

#[tokio::test]
async fn of_two_binders_or_folders_with_one_name_the_smaller_id_comes_first() {
    let binder = |id: &str| json!({ "id": id, "name": "Samma" });
    let binders = json!([binder("bbbbbbbbb"), binder("aaaaaaaaa"), binder("Zzzzzzzzz")]);
    let server = bindery_testkit::Server::shared(crate::support::PROGRAM);
    let organization = bindery_testkit::Organization::with_binders(server, &binders);
    let listed = organization.reader().get("/api/binders").await.expect(200).json();
    assert_eq!(crate::support::pluck(&listed, "id"), ["Zzzzzzzzz", "aaaaaaaaa", "bbbbbbbbb"]);
}
