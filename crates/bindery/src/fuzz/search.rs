//! Search bodies: filters, sort keys, terms and pages.

use bindery_domain::{Filter, SearchRequest, SortKey};
use bindery_testkit::fuzz;
use serde_json::Value;

#[test]
fn any_search_is_refused_with_its_fields_or_keeps_its_limits() {
    fuzz::run("search", |input| {
        let Ok(body) = serde_json::from_slice::<Value>(input) else {
            return "no JSON".to_owned();
        };
        match request(&body).check() {
            Ok(checked) => {
                assert!(checked.filters.len() <= 100 && checked.sort.len() <= 10);
                assert!((1..=1000).contains(&checked.page_size));
                assert!(checked.offset() >= 0);
                assert!(checked.words.iter().all(|word| !word.is_empty()), "{:?}", checked.words);
                for filter in &checked.filters {
                    assert!(filter.element_field().starts_with("MetadataFilters["));
                }
                format!("{} words", checked.words.len().min(3))
            }
            Err(errors) => format!("{errors:?}"),
        }
    });
}

/// What the body asks for, as far as its members have the right types.
fn request(body: &Value) -> SearchRequest {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |name: &str| body[name].as_array().cloned().unwrap_or_default();
    SearchRequest {
        filters: list("MetadataFilters")
            .iter()
            .map(|filter| Filter {
                element: text(&filter["metadataElementId"]).unwrap_or_default(),
                value_id: text(&filter["valueId"]),
                value: text(&filter["value"]),
            })
            .collect(),
        sort: list("SortBy")
            .iter()
            .map(|key| SortKey {
                element: text(&key["metadataElementId"]).unwrap_or_default(),
                direction: text(&key["direction"]),
            })
            .collect(),
        term: text(&body["searchTerm"]),
        page_number: body["pageNumber"].as_i64(),
        page_size: body["pageSize"].as_i64(),
    }
}
