//! Listing tabs, folders and the documents in them.

use serde_json::{Value, json};

use crate::support::{organization, pluck};

#[tokio::test]
async fn tabs_come_in_their_set_order_without_a_parent() {
    let organization = organization();
    let drive = format!("/api/documents/drives/binders/{}", organization.binder(0));
    let tabs = organization.reader().get(&drive).await.expect(200).json();
    assert_eq!(pluck(&tabs, "name"), ["Ritningar", "Protokoll"]);
    assert_eq!(pluck(&tabs, "type"), ["drawings", "documents"]);
    assert_eq!(tabs[0]["parentId"], Value::Null);
    assert_eq!(tabs[0]["id"], organization.tab(0));
}

#[tokio::test]
async fn nested_folders_name_their_parent_and_have_the_type_folder() {
    let organization = organization();
    let reader = organization.reader();
    let folders = reader.get(&organization.drive(&organization.tab(0))).await.expect(200).json();
    assert_eq!(folders.as_array().unwrap().len(), 1);
    assert_eq!(folders[0]["name"], "Arkitekt");
    assert_eq!(folders[0]["type"], "folder");
    assert_eq!(folders[0]["parentId"], organization.tab(0));
    let inner = reader
        .get(&organization.drive(folders[0]["id"].as_str().unwrap()))
        .await
        .expect(200)
        .json();
    assert_eq!(inner[0]["name"], "Planer");
    let none = reader.get(&organization.drive(inner[0]["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(none.json(), json!([]));
}

#[tokio::test]
async fn documents_of_a_folder_come_by_file_name_in_swedish_order() {
    let organization = organization();
    for name in ["Övre.pdf", "a-40.pdf", "Ängen.pdf", "A-39.pdf", "Zon.pdf", "Åtta.pdf"] {
        organization.document(name, &[]).await;
    }
    let path = format!("{}/documents", organization.drive(&organization.tab(0)));
    let documents = organization.reader().get(&path).await.expect(200).json();
    assert_eq!(
        pluck(&documents, "fileName"),
        ["A-39.pdf", "a-40.pdf", "Zon.pdf", "Åtta.pdf", "Ängen.pdf", "Övre.pdf"]
    );
    assert!(
        documents
            .as_array()
            .unwrap()
            .iter()
            .all(|document| document["folderId"] == organization.tab(0))
    );
    let other = format!("{}/documents", organization.drive(&organization.tab(1)));
    assert_eq!(organization.reader().get(&other).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn the_domain_matches_in_any_case_and_no_other_domain_exists() {
    let organization = organization();
    let reader = organization.reader();
    let binder = organization.binder(0);
    for domain in ["binders", "Binders", "BINDERS"] {
        reader.get(&format!("/api/documents/drives/{domain}/{binder}")).await.expect(200);
    }
    for path in
        [format!("personal/{binder}"), "binders/AAAAAAAAA".to_owned(), "binders/no".to_owned()]
    {
        reader.get(&format!("/api/documents/drives/{path}")).await.problem(404);
    }
}

#[tokio::test]
async fn a_folder_of_another_drive_is_not_found() {
    let (organization, other) = (organization(), organization());
    let reader = organization.reader();
    for folder in
        [other.tab(0), "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".to_owned(), "no-guid".to_owned()]
    {
        reader.get(&organization.drive(&folder)).await.problem(404);
        reader.get(&format!("{}/documents", organization.drive(&folder))).await.problem(404);
    }
    let foreign =
        format!("/api/documents/drives/binders/{}/{}", other.binder(0), organization.tab(0));
    reader.get(&foreign).await.problem(404);
}

#[tokio::test]
async fn guids_are_taken_in_any_case_and_given_in_lower_case() {
    let organization = organization();
    let upper = organization.tab(0).to_uppercase();
    let folders = organization.reader().get(&organization.drive(&upper)).await.expect(200).json();
    assert_eq!(folders[0]["parentId"], organization.tab(0).to_lowercase());
}

#[tokio::test]
async fn a_folder_of_another_binder_is_not_found_in_this_one() {
    let tabs = json!([{ "name": "T", "type": "documents", "folders": [{ "name": "F" }] }]);
    let binders = json!([{ "name": "One", "tabs": tabs }, { "name": "Two", "tabs": tabs }]);
    let server = bindery_testkit::Server::shared(crate::support::PROGRAM);
    let organization = bindery_testkit::Organization::with_binders(server, &binders);
    let tab = &organization.tree["binders"][1]["tabs"][0];
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"x").await;
    for folder in [&tab["id"], &tab["folders"][0]["id"]] {
        let folder = folder.as_str().unwrap();
        creator.get(&organization.drive(folder)).await.problem(404);
        creator.get(&format!("{}/documents", organization.drive(folder))).await.problem(404);
        organization.commit(&creator, folder, &upload, "a.pdf", &[]).await.problem(404);
    }
}
