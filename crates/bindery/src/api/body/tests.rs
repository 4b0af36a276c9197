use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Search {
    #[serde(rename = "MetadataFilters", default)]
    filters: Vec<Filter>,
    #[serde(rename = "SortBy")]
    sort: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Filter {
    metadata_element_id: String,
    value_id: Option<String>,
    count: Option<i32>,
}

fn search(json: &str) -> Result<Option<Search>, FieldErrors> {
    read(json.as_bytes())
}

fn fault(json: &str) -> (String, String) {
    let errors = search(json).unwrap_err().0;
    let (field, messages) = errors.into_iter().next().unwrap();
    (field, messages.join("; "))
}

fn field(json: &str) -> String {
    fault(json).0
}

#[test]
fn names_match_in_any_case_on_every_level() {
    let read =
        search(r#"{"metadatafilters":[{"METADATAELEMENTID":"a","valueID":"b"}],"SORTBY":["x"]}"#);
    let read = read.unwrap().unwrap();
    assert_eq!(read.filters[0].metadata_element_id, "a");
    assert_eq!(read.filters[0].value_id.as_deref(), Some("b"));
    assert_eq!(read.sort, Some(vec!["x".to_owned()]));
}

#[test]
fn unknown_fields_are_ignored_and_null_is_absent() {
    let read = search(r#"{"MetadataFilters":null,"SortBy":null,"other":{"a":[1,{"b":null}]}}"#)
        .unwrap()
        .unwrap();
    assert_eq!(read, Search { filters: vec![], sort: None });
    assert_eq!(fault(r#"{"MetadataFilters":[{"metadataElementId":null}]}"#).1, "is required");
}

#[test]
fn no_body_is_none() {
    for nothing in ["", "  \n", "null", " null "] {
        assert_eq!(search(nothing).unwrap(), None);
    }
}

#[test]
fn faults_name_the_field_as_the_contract_spells_it() {
    assert_eq!(
        field(r#"{"metadataFILTERS":[{"metadataElementId":"a"},{}]}"#),
        "MetadataFilters[1].metadataElementId"
    );
    assert_eq!(
        field(r#"{"metadataFILTERS":[{"METADATAELEMENTID":5}]}"#),
        "MetadataFilters[0].metadataElementId"
    );
    assert_eq!(field(r#"{"metadataFILTERS":[7]}"#), "MetadataFilters[0]");
    assert_eq!(field(r#"{"metadataFILTERS":{}}"#), "MetadataFilters");
    assert_eq!(field(r#"{"sortby":["a",{}]}"#), "SortBy[1]");
    assert_eq!(fault(r#"{"sortby":5}"#).1, "must be a list");
    assert_eq!(
        fault(r#"{"MetadataFilters":[{"metadataElementId":"a","count":99999999999}]}"#),
        ("MetadataFilters[0].count".into(), "must be i32".into())
    );
}

#[test]
fn a_field_given_twice_is_refused() {
    assert_eq!(fault(r#"{"SortBy":[],"sortBy":[]}"#), ("SortBy".into(), "is given twice".into()));
}

#[test]
fn what_is_no_json_or_no_object_has_the_key_of_the_whole() {
    for wrong in [
        "{",
        "[]",
        "5",
        "\"x\"",
        "true",
        "{} {}",
        "{\"a\":}",
        "nul",
        "{'a':1}",
        "\u{0}",
        "{\"a\u{0}\":1}",
    ] {
        assert_eq!(field(wrong), "$", "{wrong}");
    }
    assert_eq!(read::<Search>(b"{\"a\":\"\xff\"}").unwrap_err().0.into_keys().next().unwrap(), "$");
}

#[test]
fn deep_nesting_is_refused_wherever_it_stands() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    assert_eq!(field(&deep("[", "]")), "$");
    assert_eq!(field(&deep("{\"a\":", "}")), "$");
    assert_eq!(field(&format!("{{\"other\":{}}}", deep("[", "]"))), "$");
    assert!(search(&format!("{{\"other\":\"{}\"}}", "[".repeat(1000))).is_ok());
}

#[test]
fn nul_and_lone_surrogates_in_text_are_refused() {
    assert_eq!(field(r#"{"SortBy":["a\u0000b"]}"#), "SortBy[0]");
    assert_eq!(field(r#"{"SortBy":["\ud800"]}"#), "SortBy[0]");
}

#[test]
fn escapes_in_names_and_text_are_understood() {
    let read = search(r#"{"\u0053ortBy":["\u00e5\n"]}"#).unwrap().unwrap();
    assert_eq!(read.sort, Some(vec!["å\n".to_owned()]));
}

#[test]
fn json_content_types_have_any_parameters_and_suffixes() {
    let is = |kind: &str| {
        is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]))
    };
    for json in
        ["application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json;v=1"]
    {
        assert!(is(json), "{json}");
    }
    for other in
        ["text/json", "application/xml", "application/+json", "application/jsonp", "text/plain", ""]
    {
        assert!(!is(other), "{other}");
    }
}
