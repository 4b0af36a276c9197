//! Pages under random sort keys and filters, against a model that sorts by hand.

use std::cmp::Ordering;

use bindery_testkit::Organization;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{organization, pluck};

/// A document as the model knows it. Absent values are `None`.
#[derive(Debug, Clone)]
struct Made {
    name: String,
    discipline: Option<usize>,
    area: Option<i32>,
    approved: Option<u32>,
    locked: Option<bool>,
}

/// Ids of the allowed values in the order of their labels.
const DISCIPLINES: [&str; 3] = ["a", "k", "v"];
const ELEMENTS: [&str; 5] = ["discipline", "area", "approved", "locked", "GLOBAL_FileName"];

impl Made {
    fn metadata(&self) -> Vec<(&'static str, String)> {
        [
            ("discipline", self.discipline.map(|n| DISCIPLINES[n].to_owned())),
            ("area", self.area.map(|area| format!("{}.5", area))),
            ("approved", self.approved.map(|day| format!("2026-03-{day:02}"))),
            ("locked", self.locked.map(|is_locked| is_locked.to_string())),
        ]
        .into_iter()
        .filter_map(|(element, value)| Some((element, value?)))
        .collect()
    }

    /// Compares by one key; whoever has no value comes last in both directions.
    fn compare(&self, other: &Self, element: &str, is_descending: bool) -> Ordering {
        fn by<T: Ord>(one: Option<T>, other: Option<T>, is_descending: bool) -> Ordering {
            match (one, other) {
                (Some(one), Some(other)) if is_descending => other.cmp(&one),
                (Some(one), Some(other)) => one.cmp(&other),
                (one, other) => other.is_some().cmp(&one.is_some()),
            }
        }
        match element {
            "discipline" => by(self.discipline, other.discipline, is_descending),
            // -1.5 is less than -0.5, and "-0.5" is what 0 is written as below zero: the model has no zero.
            "area" => by(self.area.map(halves), other.area.map(halves), is_descending),
            "approved" => by(self.approved, other.approved, is_descending),
            "locked" => by(self.locked, other.locked, is_descending),
            _ => by(Some(&self.name), Some(&other.name), is_descending),
        }
    }
}

/// The number `area.5` in halves.
fn halves(area: i32) -> i32 {
    if area < 0 { 2 * area - 1 } else { 2 * area + 1 }
}

fn made() -> impl Strategy<Value = Made> {
    let area = prop_oneof![(-3i32..=-1), (0i32..=3)];
    (
        proptest::option::of(0usize..3),
        proptest::option::of(area),
        proptest::option::of(1u32..4),
        proptest::option::of(any::<bool>()),
    )
        .prop_map(|(discipline, area, approved, locked)| Made {
            name: String::new(),
            discipline,
            area,
            approved,
            locked,
        })
}

async fn pages(
    organization: &Organization,
    body: &Value,
    size: usize,
    total: usize,
) -> Vec<String> {
    let reader = organization.reader();
    reader.token().await;
    let mut seen = Vec::new();
    for number in 1..=total.div_ceil(size).max(1) {
        let path = format!("/api/documents?pageSize={size}&pageNumber={number}");
        let page = reader.post(&path, body).await.expect(200).json();
        assert_eq!(page["totalCount"], total, "{body}");
        seen.extend(pluck(&page["items"], "fileName"));
    }
    seen
}

#[tokio::test]
async fn pages_in_any_order_visit_each_document_once_as_a_model_says() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let organization = organization();
    let mut documents = Vec::new();
    for n in 0..60 {
        let mut document = made().new_tree(&mut runner).unwrap().current();
        document.name = format!("{n:02}.pdf");
        let metadata = document.metadata();
        let metadata: Vec<_> = metadata.iter().map(|(id, value)| (*id, value.as_str())).collect();
        organization.document(&document.name, &metadata).await;
        documents.push(document);
    }
    let keys = proptest::collection::vec((0usize..ELEMENTS.len(), any::<bool>()), 0..4);
    let case = (keys, 1usize..25, proptest::option::of(0usize..3), any::<bool>());
    for _ in 0..40 {
        let (keys, size, discipline, only_locked) = case.new_tree(&mut runner).unwrap().current();
        let sort: Vec<_> = keys
            .iter()
            .map(|(n, down)| json!({ "metadataElementId": ELEMENTS[*n], "direction": if *down { "desc" } else { "asc" } }))
            .collect();
        let mut filters = Vec::new();
        // The newest first, as the order of making goes.
        let mut model: Vec<_> = documents.iter().rev().cloned().collect();
        if let Some(n) = discipline {
            filters.push(json!({ "metadataElementId": "discipline", "valueId": DISCIPLINES[n] }));
            model.retain(|document| document.discipline == Some(n));
        }
        if only_locked {
            filters.push(json!({ "metadataElementId": "locked", "value": "true" }));
            model.retain(|document| document.locked == Some(true));
        }
        model.sort_by(|one, other| {
            let by_key = keys.iter().map(|(n, down)| one.compare(other, ELEMENTS[*n], *down));
            by_key.fold(Ordering::Equal, Ordering::then)
        });
        let names: Vec<_> = model.into_iter().map(|document| document.name).collect();
        let body = json!({ "SortBy": sort, "MetadataFilters": filters });
        assert_eq!(
            pages(&organization, &body, size, names.len()).await,
            names,
            "{body}, pages of {size}"
        );
    }
}
