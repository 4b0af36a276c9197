//! File names and version labels of a commit.

use bindery_testkit::Organization;
use serde_json::{Value, json};

use crate::support::organization;

async fn commit(organization: &Organization, body: Value) -> bindery_testkit::Answer {
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    let mut body = body;
    body["uploadId"] = json!(upload.id);
    creator.post(&format!("{}/upload", organization.drive(&organization.tab(0))), &body).await
}

async fn name_of(organization: &Organization, version: &Value) -> String {
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    organization.reader().get(&path).await.expect(200).json()["fileName"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_file_name_is_a_name_and_not_a_path() {
    let organization = organization();
    let long = "å".repeat(256);
    for name in [
        "",
        "   ",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a\nb",
        "a\u{0}b",
        "a\u{7f}b",
        "a\u{202e}b",
        "a\u{2066}b",
        &long,
    ] {
        let fields = commit(&organization, json!({ "fileName": name })).await.error_fields();
        assert_eq!(fields, ["fileName"], "{name:?}");
    }
    for name in [
        "å".repeat(255),
        "…".to_owned(),
        "a%2Fb?.pdf".to_owned(),
        "🏠.pdf".to_owned(),
        "...".to_owned(),
    ] {
        let version = commit(&organization, json!({ "fileName": name })).await.expect(200).json();
        assert_eq!(name_of(&organization, &version).await, name);
    }
}

#[tokio::test]
async fn outer_spaces_are_cut_and_names_are_stored_as_nfc() {
    let organization = organization();
    let version =
        commit(&organization, json!({ "fileName": "  A\u{30a}tta.pdf " })).await.expect(200).json();
    assert_eq!(name_of(&organization, &version).await, "Åtta.pdf");
}

#[tokio::test]
async fn the_same_name_in_any_case_is_a_new_version_with_the_newest_spelling() {
    let organization = organization();
    let first =
        commit(&organization, json!({ "fileName": "Straße É.pdf" })).await.expect(200).json();
    let second =
        commit(&organization, json!({ "fileName": "STRASSE é.PDF" })).await.expect(200).json();
    assert_eq!(first["documentId"], second["documentId"]);
    assert_eq!(second["version"], "2");
    assert_eq!(name_of(&organization, &second).await, "STRASSE é.PDF");
    let other =
        commit(&organization, json!({ "fileName": "Strasse e.pdf" })).await.expect(200).json();
    assert_ne!(other["documentId"], first["documentId"]);
}

#[tokio::test]
async fn the_same_name_in_another_folder_is_another_document() {
    let organization = organization();
    let creator = organization.creator();
    let first = organization.document("a.pdf", &[]).await;
    let upload = organization.upload(&creator, b"x").await;
    let second = organization
        .commit(&creator, &organization.tab(1), &upload, "a.pdf", &[])
        .await
        .expect(200)
        .json();
    assert_ne!(first["documentId"], second["documentId"]);
}

#[tokio::test]
async fn a_label_is_one_more_than_the_greatest_whole_number() {
    let organization = organization();
    for (given, label) in [
        (json!(null), "1"),
        (json!(""), "2"),
        (json!("B"), "B"),
        (json!("10"), "10"),
        (json!(null), "11"),
        (json!("3"), "3"),
        (json!(null), "12"),
        (json!("1.5"), "1.5"),
        (json!(null), "13"),
        (json!("13"), "13"),
        (json!(null), "14"),
    ] {
        let version = commit(&organization, json!({ "fileName": "a.pdf", "version": given }))
            .await
            .expect(200)
            .json();
        assert_eq!(version["version"], label, "given {given}");
    }
    let long = "v".repeat(65);
    assert_eq!(
        commit(&organization, json!({ "fileName": "a.pdf", "version": long })).await.error_fields(),
        ["version"]
    );
    commit(&organization, json!({ "fileName": "a.pdf", "version": "v".repeat(64) }))
        .await
        .expect(200);
}

#[tokio::test]
async fn global_version_means_the_same_as_version() {
    let organization = organization();
    let named = json!([{ "metadataElementId": "GLOBAL_Version", "value": "C" }]);
    let body = json!({ "fileName": "a.pdf", "additionalMetadata": named });
    assert_eq!(commit(&organization, body.clone()).await.expect(200).json()["version"], "C");
    let mut both = body;
    both["version"] = json!("C");
    commit(&organization, both.clone()).await.expect(200);
    both["version"] = json!("D");
    commit(&organization, both).await.problem(400);
}
