//! A binder's metadata is configured anew while documents are there.

use bindery_testkit::{Answer, Organization, Server};
use serde_json::{Value, json};

use crate::support::{PROGRAM, pluck};

/// An organization whose one binder has these elements.
fn organization(metadata: &Value) -> Organization {
    let tabs = json!([{ "name": "T", "type": "documents" }]);
    let binders = json!([{ "id": "Kv4rnen_1", "name": "K", "metadata": metadata, "tabs": tabs }]);
    Organization::with_binders(Server::shared(PROGRAM), &binders)
}

/// Configures these elements of the binder.
fn configure(organization: &Organization, metadata: &Value) {
    let binder = json!({ "id": "Kv4rnen_1", "name": "K", "metadata": metadata });
    let file = json!({ "organizations": [{
        "id": organization.id, "name": organization.tree["name"], "binders": [binder] }] });
    Server::shared(PROGRAM).provision(&file.to_string());
}

fn discipline(values: &Value) -> Value {
    json!([{ "id": "discipline", "label": "Discipline", "dataType": "enum", "allowedValues": values }])
}

async fn commit(organization: &Organization, name: &str, metadata: &[(&str, &str)]) -> Answer {
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    organization.commit(&creator, &organization.tab(0), &upload, name, metadata).await
}

async fn names(organization: &Organization, body: Value) -> Vec<String> {
    let page = organization.reader().post("/api/documents", &body).await.expect(200).json();
    pluck(&page["items"], "fileName")
}

#[tokio::test]
async fn a_new_label_keeps_the_id_and_documents_sort_by_it_at_once() {
    let metadata = |first: &str| {
        discipline(&json!([{ "id": "a", "label": first }, { "id": "k", "label": "Konstruktion" }]))
    };
    let organization = organization(&metadata("Arkitekt"));
    commit(&organization, "a", &[("discipline", "a")]).await.expect(200);
    let version = commit(&organization, "k", &[("discipline", "k")]).await.expect(200).json();
    let sort = || json!({ "SortBy": [{ "metadataElementId": "discipline" }] });
    assert_eq!(names(&organization, sort()).await, ["a", "k"]);
    let path = "/api/binders/Kv4rnen_1/metadataelements";
    let reader = organization.reader();
    let before = reader.get(path).await.expect(200).header("etag").to_owned();

    configure(&organization, &metadata("Ombyggnad"));
    assert_eq!(names(&organization, sort()).await, ["k", "a"]);
    let elements = reader.with_header("if-none-match", &before).get(path).await.expect(200).json();
    let element = &elements[10];
    assert_eq!(element["allowedValues"][0], json!({ "id": "a", "label": "Ombyggnad" }));
    commit(&organization, "new", &[("discipline", "arkitekt")]).await.problem(400);
    commit(&organization, "new", &[("discipline", "OMBYGGNAD")]).await.expect(200);
    let by_id =
        json!({ "MetadataFilters": [{ "metadataElementId": "discipline", "valueId": "a" }] });
    assert_eq!(names(&organization, by_id).await, ["new", "a"]);
    // What was answered stays as it was: ids do not change.
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    assert_eq!(reader.get(&path).await.expect(200).json()["metadata"], version["metadata"]);
}

#[tokio::test]
async fn a_retired_value_is_shown_and_found_and_cannot_be_set() {
    let values = |is_retired: bool| {
        discipline(&json!([
            { "id": "a", "label": "Arkitekt", "retired": is_retired }, { "id": "k", "label": "Konstruktion" },
        ]))
    };
    let organization = organization(&values(false));
    let version = commit(&organization, "a", &[("discipline", "a")]).await.expect(200).json();
    configure(&organization, &values(true));
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let document = organization.reader().get(&path).await.expect(200).json();
    assert_eq!(document["metadata"], version["metadata"]);
    let by_id =
        json!({ "MetadataFilters": [{ "metadataElementId": "discipline", "valueId": "a" }] });
    assert_eq!(names(&organization, by_id).await, ["a"]);
    for value in ["a", "Arkitekt"] {
        let fields = commit(&organization, "b", &[("discipline", value)]).await.error_fields();
        assert_eq!(fields, ["additionalMetadata[0].value"]);
    }
    // A new version inherits it: nobody sets it.
    commit(&organization, "a", &[]).await.expect(200);
}

#[tokio::test]
async fn an_element_made_required_binds_new_commits_only() {
    let metadata = |is_required: bool| json!([{ "id": "number", "label": "Number", "dataType": "string", "required": is_required }]);
    let organization = organization(&metadata(false));
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"bytes").await;
    let folder = organization.tab(0);
    let version =
        organization.commit(&creator, &folder, &upload, "a", &[]).await.expect(200).json();
    configure(&organization, &metadata(true));
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let document = organization.reader().get(&path).await.expect(200).json();
    assert_eq!(document["latestVersionId"], version["id"]);
    // The same commit again is the same version, whatever is required by now.
    let again = organization.commit(&creator, &folder, &upload, "a", &[]).await.expect(200).json();
    assert_eq!(again["id"], version["id"]);
    commit(&organization, "a", &[]).await.problem(400);
    commit(&organization, "a", &[("number", "A-1")]).await.expect(200);
}

#[tokio::test]
async fn a_changed_type_is_refused_and_a_new_element_can_be_used_at_once() {
    let organization = organization(&json!([]));
    let element = |kind: &str| json!([{ "id": "number", "label": "Number", "dataType": kind }]);
    commit(&organization, "a", &[("number", "A-1")]).await.problem(400);
    configure(&organization, &element("string"));
    commit(&organization, "a", &[("number", "A-1")]).await.expect(200);
    let file = json!({ "organizations": [{ "id": organization.id, "name": organization.tree["name"],
        "binders": [{ "id": "Kv4rnen_1", "name": "K", "metadata": element("number") }] }] });
    let output = Server::shared(PROGRAM).command_with_input(&["provision", "-"], &file.to_string());
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test]
async fn the_status_of_a_binder_can_be_configured() {
    let values =
        json!([{ "id": "draft", "label": "Utkast" }, { "id": "final", "label": "Slutlig" }]);
    let organization = organization(&json!([{ "id": "GLOBAL_Status", "allowedValues": values }]));
    let version =
        commit(&organization, "a", &[("GLOBAL_Status", "utkast")]).await.expect(200).json();
    assert_eq!(version["status"], "Utkast");
    assert_eq!(commit(&organization, "b", &[]).await.expect(200).json()["status"], "Active");
}
