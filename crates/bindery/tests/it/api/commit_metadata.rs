//! Metadata of a commit against the binder's schema.

use bindery_testkit::{Answer, Organization, Server};
use serde_json::{Value, json};

use crate::support::{PROGRAM, organization};

async fn commit(organization: &Organization, metadata: &[(&str, &str)]) -> Answer {
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", metadata).await
}

fn value(version: &Value, element: &str) -> Value {
    let entries = version["metadata"].as_array().unwrap();
    entries
        .iter()
        .find(|entry| entry["metadataElementId"] == element)
        .map_or(Value::Null, |entry| entry["valueId"].clone())
}

#[tokio::test]
async fn values_are_checked_against_their_type_and_the_field_is_named() {
    let organization = organization();
    for (element, wrong) in [
        ("area", "1e3"),
        ("area", "1,5"),
        ("area", "--1"),
        ("area", "1234567890123456789012345678901"),
        ("approved", "2026-02-30"),
        ("approved", "yesterday"),
        ("locked", "yes"),
        ("discipline", "nobody"),
        ("nowhere", "x"),
        ("GLOBAL_BinderId", "x"),
        ("GLOBAL_TabId", "x"),
        ("GLOBAL_TabType", "x"),
        ("GLOBAL_CreatedBy", "x"),
        ("GLOBAL_FileName", "x"),
    ] {
        let fields =
            commit(&organization, &[("number", "A-1"), (element, wrong)]).await.error_fields();
        assert_eq!(fields.len(), 1, "{element}={wrong}: {fields:?}");
        assert!(fields[0].starts_with("additionalMetadata[1]."), "{element}={wrong}: {fields:?}");
    }
    let long = "x".repeat(4001);
    commit(&organization, &[("number", &long)]).await.problem(400);
    commit(&organization, &[("number", &long[1..]), ("note", &long)]).await.expect(200);
    commit(&organization, &[("note", &"x".repeat(64 * 1024 + 1))]).await.problem(400);
}

#[tokio::test]
async fn answers_carry_values_in_their_canonical_form() {
    let organization = organization();
    let given = [
        ("area", "+007.50"),
        ("approved", "2026-03-01T23:30:00+02:00"),
        ("locked", "TRUE"),
        ("discipline", "KONSTRUKTION"),
    ];
    let version = commit(&organization, &given).await.expect(200).json();
    assert_eq!(value(&version, "area"), "7.5");
    assert_eq!(value(&version, "approved"), "2026-03-01T23:30:00+02:00");
    assert_eq!(value(&version, "locked"), "true");
    assert_eq!(value(&version, "discipline"), "k");
}

#[tokio::test]
async fn an_element_named_twice_is_refused() {
    let organization = organization();
    commit(&organization, &[("number", "A-1"), ("number", "A-1")]).await.problem(400);
}

#[tokio::test]
async fn a_new_version_inherits_what_its_commit_does_not_name_and_empty_clears() {
    let organization = organization();
    commit(&organization, &[("number", "A-1"), ("discipline", "a")]).await.expect(200);
    let second = commit(&organization, &[("area", "12")]).await.expect(200).json();
    assert_eq!(
        (value(&second, "number"), value(&second, "discipline")),
        (json!("A-1"), json!("a"))
    );
    let third = commit(&organization, &[("number", "")]).await.expect(200).json();
    assert_eq!((value(&third, "number"), value(&third, "area")), (Value::Null, json!("12")));
}

#[tokio::test]
async fn a_status_is_shown_by_its_label_and_older_versions_keep_their_own() {
    let organization = organization();
    let first = commit(&organization, &[("GLOBAL_Status", "Archived")]).await.expect(200).json();
    assert_eq!(first["status"], "Archived");
    assert_eq!(value(&first, "GLOBAL_Status"), "archived");
    let second = commit(&organization, &[("GLOBAL_Status", "active")]).await.expect(200).json();
    assert_eq!(second["status"], "Active");
    let path = format!(
        "/api/documents/{}/versions/{}",
        first["documentId"].as_str().unwrap(),
        first["id"].as_str().unwrap()
    );
    assert_eq!(organization.reader().get(&path).await.expect(200).json()["status"], "Archived");
}

#[tokio::test]
async fn required_elements_bind_new_commits_and_cannot_be_cleared() {
    let binders = json!([{
        "id": "Kv4rnen_1", "name": "K",
        "metadata": [{ "id": "number", "label": "Number", "dataType": "string", "required": true }],
        "tabs": [{ "name": "T", "type": "documents" }]
    }]);
    let organization = Organization::with_binders(Server::shared(PROGRAM), &binders);
    commit(&organization, &[]).await.problem(400);
    commit(&organization, &[("number", "")]).await.problem(400);
    commit(&organization, &[("number", "A-1")]).await.expect(200);
    commit(&organization, &[]).await.expect(200);
    commit(&organization, &[("number", "")]).await.problem(400);
}

#[tokio::test]
async fn an_entry_without_a_value_is_400_and_clears_nothing() {
    let organization = organization();
    commit(&organization, &[("area", "12")]).await.expect(200);
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    for entry in [
        json!({ "metadataElementId": "area" }),
        json!({ "metadataElementId": "area", "value": null }),
        json!({ "metadataElementId": "area", "valueId": "13" }),
    ] {
        let body =
            json!({ "fileName": "a.pdf", "uploadId": upload.id, "additionalMetadata": [entry] });
        let fields = creator.post(&path, &body).await.error_fields();
        assert_eq!(fields, ["additionalMetadata[0].value"], "{body}");
    }
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", &[]).await;
    assert_eq!(value(&version.expect(200).json(), "area"), "12");
}

#[tokio::test]
async fn more_entries_than_a_binder_has_elements_are_refused_at_once() {
    let organization = organization();
    let fields = |n: usize| {
        let organization = &organization;
        async move {
            let entries: Vec<_> = (0..n).map(|n| (format!("element-{n}"), "x")).collect();
            let entries: Vec<_> = entries.iter().map(|(id, value)| (id.as_str(), *value)).collect();
            commit(organization, &entries).await.error_fields()
        }
    };
    assert_eq!(fields(256).await.len(), 256);
    assert_eq!(fields(257).await, ["additionalMetadata"]);
}
