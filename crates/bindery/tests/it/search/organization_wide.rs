//! Searches over several binders whose schemas share elements.

use bindery_testkit::{Organization, Server};
use serde_json::{Value, json};

use crate::support::{PROGRAM, pluck};

/// Two binders that share `kind` and `number`; the labels of `kind` sort differently in them.
fn organization() -> Organization {
    let binder = |name: &str, first: &str, second: &str, own: &str| {
        json!({ "name": name, "tabs": [{ "name": "T", "type": "documents" }], "metadata": [
            { "id": "GLOBAL_Category", "allowedValues": [{ "id": "x", "label": first }, { "id": "y", "label": second }] },
            { "id": "kind", "label": "Kind", "dataType": "enum",
              "allowedValues": [{ "id": "x", "label": first }, { "id": "y", "label": second }] },
            { "id": "number", "label": "Number", "dataType": "string" },
            { "id": own, "label": own, "dataType": "number" },
        ] })
    };
    let binders = json!([
        binder("One", "Alfa", "Delta", "first"),
        binder("Two", "Charlie", "bravo", "second")
    ]);
    Organization::with_binders(Server::shared(PROGRAM), &binders)
}

/// Commits a document into the n-th binder.
async fn put(organization: &Organization, n: usize, name: &str, metadata: &[(&str, &str)]) {
    let creator = organization.creator();
    let upload = organization.upload(&creator, name.as_bytes()).await;
    let tab = organization.tree["binders"][n]["tabs"][0]["id"].as_str().unwrap();
    let path = format!("/api/documents/drives/binders/{}/{tab}/upload", organization.binder(n));
    let metadata: Vec<_> = metadata
        .iter()
        .map(|(id, value)| json!({ "metadataElementId": id, "value": value }))
        .collect();
    let body = json!({ "fileName": name, "uploadId": upload.id, "additionalMetadata": metadata });
    creator.post(&path, &body).await.expect(200);
}

async fn names(organization: &Organization, filters: Value, sort: Value) -> Vec<String> {
    let body = json!({ "MetadataFilters": filters, "SortBy": sort });
    let page = organization.reader().post("/api/documents", &body).await.expect(200).json();
    let names = pluck(&page["items"], "fileName");
    assert_eq!(page["totalCount"], names.len());
    names
}

fn filter(element: &str, value: &str) -> Value {
    json!({ "metadataElementId": element, "valueId": value })
}

#[tokio::test]
async fn the_same_element_in_two_binders_is_one_for_filters() {
    let organization = organization();
    put(&organization, 0, "1x", &[("kind", "x"), ("number", "A"), ("first", "1")]).await;
    put(&organization, 1, "2x", &[("kind", "x"), ("number", "A"), ("second", "1")]).await;
    put(&organization, 1, "2y", &[("kind", "y"), ("number", "B")]).await;
    let none = json!([]);
    let two = filter("GLOBAL_BinderId", &organization.binder(1));
    for (filters, found) in [
        (json!([filter("kind", "x")]), vec!["2x", "1x"]),
        (json!([filter("number", "A")]), vec!["2x", "1x"]),
        (json!([filter("number", "A"), filter("kind", "y")]), vec![]),
        (json!([filter("first", "1.0")]), vec!["1x"]),
        (json!([filter("first", "1"), filter("second", "1")]), vec![]),
        (json!([two, filter("kind", "x")]), vec!["2x"]),
        (json!([filter("kind", "x"), two]), vec!["2x"]),
        (json!([two, filter("second", "1"), filter("number", "A")]), vec!["2x"]),
        (json!([two, filter("GLOBAL_BinderId", &organization.binder(0))]), vec![]),
    ] {
        assert_eq!(names(&organization, filters.clone(), none.clone()).await, found, "{filters}");
    }
}

#[tokio::test]
async fn documents_sort_by_the_label_that_their_own_binder_gives_a_value() {
    let organization = organization();
    for (n, name, value) in
        [(0, "alfa", "x"), (0, "delta", "y"), (1, "charlie", "x"), (1, "bravo", "y")]
    {
        put(&organization, n, name, &[("kind", value), ("GLOBAL_Category", value)]).await;
    }
    put(&organization, 0, "without", &[]).await;
    for element in ["kind", "GLOBAL_Category"] {
        let sort =
            |direction: &str| json!([{ "metadataElementId": element, "direction": direction }]);
        assert_eq!(
            names(&organization, json!([]), sort("asc")).await,
            ["alfa", "bravo", "charlie", "delta", "without"],
            "{element}"
        );
        assert_eq!(
            names(&organization, json!([]), sort("desc")).await,
            ["delta", "charlie", "bravo", "alfa", "without"],
            "{element}"
        );
        let two = json!([filter("GLOBAL_BinderId", &organization.binder(1))]);
        assert_eq!(names(&organization, two, sort("asc")).await, ["bravo", "charlie"], "{element}");
    }
}

#[tokio::test]
async fn an_element_of_one_binder_sorts_the_documents_of_all() {
    let organization = organization();
    put(&organization, 0, "ten", &[("first", "10")]).await;
    put(&organization, 1, "other", &[("second", "5")]).await;
    put(&organization, 0, "nine", &[("first", "9")]).await;
    let sort = json!([{ "metadataElementId": "first" }]);
    assert_eq!(names(&organization, json!([]), sort.clone()).await, ["nine", "ten", "other"]);
    // In a binder that does not have it, it is unknown.
    let two = json!([filter("GLOBAL_BinderId", &organization.binder(1))]);
    let body = json!({ "MetadataFilters": two, "SortBy": sort });
    let answer = organization.reader().post("/api/documents", &body).await;
    assert_eq!(answer.error_fields(), ["SortBy[0].metadataElementId"]);
}

#[tokio::test]
async fn built_in_elements_sort_over_all_binders() {
    let organization = organization();
    put(&organization, 0, "b.pdf", &[("GLOBAL_Date", "2026-01-02"), ("GLOBAL_Version", "2")]).await;
    put(
        &organization,
        1,
        "Å.pdf",
        &[("GLOBAL_Date", "2026-01-01T23:00:00-10:00"), ("GLOBAL_Version", "10")],
    )
    .await;
    put(&organization, 1, "A.pdf", &[("GLOBAL_Status", "archived"), ("GLOBAL_Version", "C")]).await;
    for (element, found) in [
        ("GLOBAL_FileName", ["A.pdf", "b.pdf", "Å.pdf"]),
        ("GLOBAL_Date", ["Å.pdf", "b.pdf", "A.pdf"]),
        ("GLOBAL_Status", ["A.pdf", "Å.pdf", "b.pdf"]),
        ("GLOBAL_Version", ["Å.pdf", "b.pdf", "A.pdf"]),
    ] {
        let sort = json!([{ "metadataElementId": element }]);
        assert_eq!(names(&organization, json!([]), sort).await, found, "{element}");
    }
    assert_eq!(
        names(&organization, json!([filter("GLOBAL_FileName", "A\u{30a}.pdf")]), json!([])).await,
        ["Å.pdf"]
    );
    assert_eq!(
        names(&organization, json!([filter("GLOBAL_FileName", "å.pdf")]), json!([])).await,
        [""; 0]
    );
}

#[tokio::test]
async fn an_enumerated_element_is_filtered_by_value_id_alone() {
    let organization = organization();
    put(&organization, 0, "a", &[("kind", "x")]).await;
    let by_value = json!({ "MetadataFilters": [{ "metadataElementId": "kind", "value": "x" }] });
    let answer = organization.reader().post("/api/documents", &by_value).await;
    assert_eq!(answer.error_fields(), ["MetadataFilters[0].value"]);
    // Ids are exact; a label is no id.
    for value in ["X", "Alfa"] {
        assert!(names(&organization, json!([filter("kind", value)]), json!([])).await.is_empty());
    }
}
