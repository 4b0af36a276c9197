//! Sorting.

use bindery_testkit::{Answer, Organization};
use serde_json::{Value, json};

use crate::support::{organization, pluck};

async fn sort(organization: &Organization, keys: Value) -> Answer {
    organization.reader().post("/api/documents", &json!({ "SortBy": keys })).await
}

async fn sorted(organization: &Organization, keys: &[(&str, &str)]) -> Vec<String> {
    let keys: Vec<_> = keys
        .iter()
        .map(|(id, direction)| json!({ "metadataElementId": id, "direction": direction }))
        .collect();
    pluck(&sort(organization, json!(keys)).await.expect(200).json()["items"], "fileName")
}

async fn filled() -> Organization {
    let organization = organization();
    for (name, metadata) in [
        (
            "1",
            vec![("discipline", "v"), ("number", "Ö"), ("area", "9"), ("approved", "2026-02-01")],
        ),
        (
            "2",
            vec![
                ("discipline", "a"),
                ("number", "z"),
                ("area", "10"),
                ("approved", "2025-12-31T23:00:00+01:00"),
            ],
        ),
        ("3", vec![("number", "ä"), ("area", "-1")]),
        ("4", vec![("discipline", "k"), ("number", "Z"), ("area", "9.0")]),
        ("5", vec![("discipline", "a")]),
        (
            "6",
            vec![("discipline", "k"), ("number", "å"), ("area", "0.5"), ("approved", "2025-12-31")],
        ),
    ] {
        organization.document(name, &metadata).await;
    }
    organization
}

#[tokio::test]
async fn without_sort_by_the_most_recently_created_comes_first() {
    let organization = filled().await;
    organization.document("2", &[]).await;
    assert_eq!(sorted(&organization, &[]).await, ["6", "5", "4", "3", "2", "1"]);
}

#[tokio::test]
async fn values_sort_by_their_type_and_documents_without_one_come_last() {
    let organization = filled().await;
    for (element, direction, names) in [
        ("area", "asc", ["3", "6", "4", "1", "2", "5"]),
        ("area", "desc", ["2", "4", "1", "6", "3", "5"]),
        ("number", "asc", ["4", "2", "6", "3", "1", "5"]),
        ("number", "desc", ["1", "3", "6", "4", "2", "5"]),
        ("approved", "asc", ["6", "2", "1", "5", "4", "3"]),
        ("approved", "DESC", ["1", "6", "2", "5", "4", "3"]),
        ("discipline", "Asc", ["5", "2", "6", "4", "1", "3"]),
        ("discipline", "desc", ["1", "6", "4", "5", "2", "3"]),
        ("GLOBAL_FileName", "asc", ["1", "2", "3", "4", "5", "6"]),
        ("GLOBAL_BinderId", "asc", ["6", "5", "4", "3", "2", "1"]),
    ] {
        assert_eq!(
            sorted(&organization, &[(element, direction)]).await,
            names,
            "{element} {direction}"
        );
    }
}

#[tokio::test]
async fn the_first_key_is_the_primary_one() {
    let organization = filled().await;
    assert_eq!(
        sorted(&organization, &[("discipline", "asc"), ("area", "desc")]).await,
        ["2", "5", "4", "6", "1", "3"]
    );
    assert_eq!(
        sorted(&organization, &[("area", "asc"), ("number", "desc")]).await,
        ["3", "6", "1", "4", "2", "5"]
    );
}

#[tokio::test]
async fn what_cannot_be_sorted_on_is_named() {
    let organization = filled().await;
    let text = json!([{ "metadataElementId": "area" }, { "metadataElementId": "note" }]);
    assert_eq!(sort(&organization, text).await.error_fields(), ["SortBy[1].metadataElementId"]);
    let unknown = json!([{ "metadataElementId": "nowhere" }]);
    assert_eq!(sort(&organization, unknown).await.error_fields(), ["SortBy[0].metadataElementId"]);
    let word = json!([{ "metadataElementId": "area", "direction": "up" }]);
    assert_eq!(sort(&organization, word).await.error_fields(), ["SortBy[0].direction"]);
    let many: Vec<_> = (0..11).map(|_| json!({ "metadataElementId": "area" })).collect();
    assert_eq!(sort(&organization, json!(many)).await.error_fields(), ["SortBy"]);
}
