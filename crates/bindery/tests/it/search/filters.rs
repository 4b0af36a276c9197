//! Filters.

use bindery_testkit::{Answer, Organization};
use serde_json::{Value, json};

use crate::support::{organization, pluck};

async fn search(organization: &Organization, filters: Value) -> Answer {
    organization.reader().post("/api/documents", &json!({ "MetadataFilters": filters })).await
}

async fn found(organization: &Organization, filters: Value) -> Vec<String> {
    let page = search(organization, filters).await.expect(200).json();
    let names = pluck(&page["items"], "fileName");
    assert_eq!(page["totalCount"], names.len());
    names
}

fn filter(element: &str, value: &str) -> Value {
    json!({ "metadataElementId": element, "valueId": value })
}

async fn filled() -> Organization {
    let organization = organization();
    organization
        .document(
            "1.pdf",
            &[
                ("discipline", "a"),
                ("number", "A-1"),
                ("area", "10"),
                ("approved", "2026-03-01"),
                ("locked", "true"),
            ],
        )
        .await;
    organization
        .document(
            "2.pdf",
            &[
                ("discipline", "k"),
                ("number", "a-1"),
                ("area", "10.0"),
                ("approved", "2026-03-01T23:59:00-05:00"),
                ("locked", "false"),
            ],
        )
        .await;
    organization
        .document(
            "3.pdf",
            &[("discipline", "a"), ("number", "A-10"), ("area", "-3"), ("note", "long text")],
        )
        .await;
    organization.document("4.pdf", &[]).await;
    organization
}

#[tokio::test]
async fn a_filter_compares_the_whole_value() {
    let organization = filled().await;
    for (element, value, names) in [
        ("discipline", "a", vec!["3.pdf", "1.pdf"]),
        ("number", "A-1", vec!["1.pdf"]),
        ("number", "A", vec![]),
        ("area", "10.000", vec!["2.pdf", "1.pdf"]),
        ("area", "-3.0", vec!["3.pdf"]),
        ("approved", "2026-03-01", vec!["2.pdf", "1.pdf"]),
        ("approved", "2026-03-01T00:00:00Z", vec!["2.pdf", "1.pdf"]),
        ("locked", "TRUE", vec!["1.pdf"]),
        ("note", "long text", vec!["3.pdf"]),
        ("GLOBAL_FileName", "4.pdf", vec!["4.pdf"]),
        ("GLOBAL_Version", "1", vec!["4.pdf", "3.pdf", "2.pdf", "1.pdf"]),
        ("GLOBAL_TabType", "drawings", vec!["4.pdf", "3.pdf", "2.pdf", "1.pdf"]),
        ("GLOBAL_TabType", "documents", vec![]),
    ] {
        assert_eq!(
            found(&organization, json!([filter(element, value)])).await,
            names,
            "{element}={value}"
        );
    }
    let (binder, tab, by) =
        (organization.binder(0), organization.tab(0), format!("creator-{}", organization.id));
    for (element, value) in
        [("GLOBAL_BinderId", &binder), ("GLOBAL_TabId", &tab), ("GLOBAL_CreatedBy", &by)]
    {
        assert_eq!(
            found(&organization, json!([filter(element, value)])).await.len(),
            4,
            "{element}"
        );
    }
}

#[tokio::test]
async fn filters_are_anded_also_on_one_element() {
    let organization = filled().await;
    assert_eq!(
        found(&organization, json!([filter("discipline", "a"), filter("area", "10")])).await,
        ["1.pdf"]
    );
    assert!(
        found(&organization, json!([filter("discipline", "a"), filter("discipline", "k")]))
            .await
            .is_empty()
    );
    assert_eq!(
        found(&organization, json!([filter("discipline", "a"), filter("discipline", "a")]))
            .await
            .len(),
        2
    );
}

#[tokio::test]
async fn value_and_value_id_are_taken_alike() {
    let organization = filled().await;
    let by_value = json!([{ "metadataElementId": "number", "value": "A-1" }]);
    assert_eq!(found(&organization, by_value).await, ["1.pdf"]);
    let both = json!([{ "metadataElementId": "number", "value": "A-1", "valueId": "A-1" }]);
    assert_eq!(found(&organization, both).await, ["1.pdf"]);
    search(
        &organization,
        json!([{ "metadataElementId": "number", "value": "A-1", "valueId": "A-2" }]),
    )
    .await
    .problem(400);
    search(&organization, json!([{ "metadataElementId": "number" }])).await.problem(400);
}

#[tokio::test]
async fn an_element_that_exists_nowhere_is_400_and_a_value_that_does_not_matches_nothing() {
    let organization = filled().await;
    let unknown = json!([filter("discipline", "a"), filter("nowhere", "x")]);
    assert_eq!(
        search(&organization, unknown).await.error_fields(),
        ["MetadataFilters[1].metadataElementId"]
    );
    for (element, value) in [
        ("discipline", "zzz"),
        ("GLOBAL_BinderId", "AAAAAAAAA"),
        ("GLOBAL_BinderId", "?"),
        ("GLOBAL_TabId", "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e"),
        ("GLOBAL_TabId", "x"),
        ("GLOBAL_CreatedBy", "nobody"),
    ] {
        assert!(
            found(&organization, json!([filter(element, value), filter("locked", "true")]))
                .await
                .is_empty()
        );
    }
    for (element, value) in [("area", "wide"), ("approved", "soon"), ("locked", "maybe")] {
        let fields = search(&organization, json!([filter(element, value)])).await.error_fields();
        assert_eq!(fields, ["MetadataFilters[0].valueId"]);
    }
}

#[tokio::test]
async fn an_element_of_another_binder_is_400_when_the_binder_is_named() {
    let binders = json!([
        { "name": "One", "tabs": [{ "name": "T", "type": "documents" }],
          "metadata": [{ "id": "first", "label": "First", "dataType": "string" }] },
        { "name": "Two", "tabs": [{ "name": "T", "type": "documents" }],
          "metadata": [{ "id": "second", "label": "Second", "dataType": "string" }] },
    ]);
    let organization = Organization::with_binders(
        bindery_testkit::Server::shared(crate::support::PROGRAM),
        &binders,
    );
    assert!(found(&organization, json!([filter("second", "x")])).await.is_empty());
    let one = filter("GLOBAL_BinderId", &organization.binder(0));
    let refused = search(&organization, json!([one, filter("second", "x")])).await;
    assert_eq!(refused.error_fields(), ["MetadataFilters[1].metadataElementId"]);
}

#[tokio::test]
async fn another_organizations_binder_matches_nothing() {
    let (organization, other) = (filled().await, filled().await);
    assert!(
        found(&organization, json!([filter("GLOBAL_BinderId", &other.binder(0))])).await.is_empty()
    );
    assert!(found(&organization, json!([filter("GLOBAL_TabId", &other.tab(0))])).await.is_empty());
}

#[tokio::test]
async fn an_older_versions_values_are_not_found() {
    let organization = organization();
    organization.document("a.pdf", &[("number", "old"), ("discipline", "a")]).await;
    organization.document("a.pdf", &[("number", "new"), ("discipline", "k")]).await;
    assert!(found(&organization, json!([filter("number", "old")])).await.is_empty());
    assert!(found(&organization, json!([filter("discipline", "a")])).await.is_empty());
    assert_eq!(
        found(&organization, json!([filter("number", "new"), filter("GLOBAL_Version", "2")])).await,
        ["a.pdf"]
    );
}

#[tokio::test]
async fn limits_are_named() {
    let organization = organization();
    let many: Vec<_> = (0..101).map(|_| filter("number", "x")).collect();
    assert_eq!(search(&organization, json!(many)).await.error_fields(), ["MetadataFilters"]);
    assert!(found(&organization, json!(many[..100])).await.is_empty());
}
