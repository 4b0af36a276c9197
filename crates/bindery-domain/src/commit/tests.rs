use super::*;
use crate::AllowedValue;

fn element(id: &str, data_type: DataType, required: bool) -> Element {
    let allowed = |key, id: &str, label: &str, retired| AllowedValue {
        key,
        id: id.parse().unwrap(),
        label: label.to_owned(),
        retired,
    };
    let allowed = if data_type == DataType::Enum {
        vec![
            allowed(1, "A", "Arkitekt", false),
            allowed(2, "K", "Konstruktör", false),
            allowed(3, "old", "Gammal", true),
        ]
    } else {
        Vec::new()
    };
    Element {
        key: 0,
        id: id.parse().unwrap(),
        label: format!("The {id}"),
        data_type,
        required,
        allowed,
    }
}

/// The platform's elements and one of each type; `Discipline` is enumerated.
fn schema() -> Schema {
    let mut elements: Vec<_> = BuiltIn::ALL
        .into_iter()
        .map(|built_in| element(built_in.id(), built_in.data_type(), false))
        .collect();
    elements.push(element("Place", DataType::String, false));
    elements.push(element("Discipline", DataType::Enum, false));
    elements.push(element("Area", DataType::Number, false));
    elements.push(element("Checked", DataType::Boolean, false));
    Schema { elements }
}

/// The same with `Discipline` required.
fn strict_schema() -> Schema {
    let mut schema = schema();
    schema
        .elements
        .iter_mut()
        .find(|element| element.id.as_str() == "Discipline")
        .unwrap()
        .required = true;
    schema
}

fn given(entries: &[(&str, &str)]) -> Vec<GivenValue> {
    entries
        .iter()
        .map(|(element, value)| GivenValue {
            element: (*element).to_owned(),
            value: (*value).to_owned(),
        })
        .collect()
}

fn metadata(entries: &[(&str, &str)]) -> Metadata {
    Metadata(entries.iter().map(|(id, value)| (id.parse().unwrap(), (*value).to_owned())).collect())
}

fn applied(schema: &Schema, previous: &[(&str, &str)], entries: &[(&str, &str)]) -> Metadata {
    schema.apply(Some(&metadata(previous)), &given(entries)).unwrap().metadata
}

/// The offending fields.
fn refused(schema: &Schema, previous: &[(&str, &str)], entries: &[(&str, &str)]) -> Vec<String> {
    schema.apply(Some(&metadata(previous)), &given(entries)).unwrap_err().0.into_keys().collect()
}

#[test]
fn values_are_kept_in_the_order_of_the_schema() {
    let entries = [("Area", "7"), ("Place", "Umeå"), ("GLOBAL_Date", "2026-01-31")];
    let ordered = metadata(&[("GLOBAL_Date", "2026-01-31"), ("Place", "Umeå"), ("Area", "7")]);
    assert_eq!(applied(&schema(), &[], &entries), ordered);
}

#[test]
fn values_are_kept_in_their_canonical_form() {
    let entries = [("Place", "Umea\u{30a}"), ("Area", "-007.50"), ("Checked", "TRUE")];
    let canonical = metadata(&[("Place", "Umeå"), ("Area", "-7.5"), ("Checked", "true")]);
    assert_eq!(applied(&schema(), &[], &entries), canonical);
}

#[test]
fn an_unknown_element_is_refused() {
    assert_eq!(
        refused(&schema(), &[], &[("Area", "1"), ("area", "1")]),
        ["additionalMetadata[1].metadataElementId"]
    );
    assert_eq!(refused(&schema(), &[], &[("", "1")]), ["additionalMetadata[0].metadataElementId"]);
}

#[test]
fn an_element_named_twice_is_refused() {
    let second = ["additionalMetadata[1].metadataElementId"];
    assert_eq!(refused(&schema(), &[], &[("Area", "1"), ("Area", "1")]), second);
    assert_eq!(refused(&schema(), &[], &[("Area", ""), ("Area", "")]), second);
    assert_eq!(
        refused(&schema(), &[], &[("GLOBAL_Version", "1"), ("GLOBAL_Version", "1")]),
        second
    );
}

#[test]
fn an_element_named_twice_is_refused_even_when_its_first_value_is_wrong() {
    let fields = ["additionalMetadata[0].value", "additionalMetadata[1].metadataElementId"];
    assert_eq!(refused(&schema(), &[], &[("Area", "x"), ("Area", "1")]), fields);
}

#[test]
fn computed_elements_and_the_file_name_cannot_be_set() {
    for id in
        ["GLOBAL_BinderId", "GLOBAL_TabId", "GLOBAL_TabType", "GLOBAL_CreatedBy", "GLOBAL_FileName"]
    {
        assert_eq!(
            refused(&schema(), &[], &[(id, "")]),
            ["additionalMetadata[0].metadataElementId"]
        );
    }
}

#[test]
fn global_version_is_given_back_as_a_label() {
    let result = schema().apply(None, &given(&[("GLOBAL_Version", "Bet A")])).unwrap();
    assert_eq!(
        result,
        Applied { metadata: Metadata::default(), global_version: Some("Bet A".to_owned()) }
    );
    assert_eq!(
        schema().apply(None, &given(&[("GLOBAL_Version", "")])).unwrap().global_version,
        None
    );
    let long = "a".repeat(65);
    assert_eq!(
        refused(&schema(), &[], &[("GLOBAL_Version", &long)]),
        ["additionalMetadata[0].value"]
    );
}

#[test]
fn an_allowed_value_is_found_by_its_id() {
    assert_eq!(applied(&schema(), &[], &[("Discipline", "K")]), metadata(&[("Discipline", "K")]));
}

#[test]
fn an_allowed_value_is_found_by_its_label_in_any_case() {
    assert_eq!(
        applied(&schema(), &[], &[("Discipline", "KONSTRUKTO\u{308}R")]),
        metadata(&[("Discipline", "K")])
    );
}

#[test]
fn ids_come_before_labels() {
    let mut schema = schema();
    let discipline =
        schema.elements.iter_mut().find(|element| element.id.as_str() == "Discipline").unwrap();
    discipline.allowed[0].label = "K".to_owned();
    assert_eq!(applied(&schema, &[], &[("Discipline", "K")]), metadata(&[("Discipline", "K")]));
    assert_eq!(applied(&schema, &[], &[("Discipline", "k")]), metadata(&[("Discipline", "A")]));
}

#[test]
fn a_value_that_is_not_allowed_is_refused() {
    assert_eq!(refused(&schema(), &[], &[("Discipline", "VVS")]), ["additionalMetadata[0].value"]);
}

#[test]
fn a_value_not_of_its_type_is_refused() {
    for (id, value) in
        [("Area", "tolv"), ("Checked", "ja"), ("GLOBAL_Date", "31/1 2026"), ("Place", "a\0")]
    {
        assert_eq!(refused(&schema(), &[], &[(id, value)]), ["additionalMetadata[0].value"]);
    }
}

#[test]
fn a_retired_value_can_no_longer_be_set() {
    for value in ["old", "GAMMAL"] {
        assert_eq!(
            refused(&schema(), &[], &[("Discipline", value)]),
            ["additionalMetadata[0].value"]
        );
    }
}

#[test]
fn a_retired_value_is_inherited() {
    let old = [("Discipline", "old")];
    assert_eq!(applied(&strict_schema(), &old, &[]), metadata(&old));
}

#[test]
fn what_is_not_named_is_inherited() {
    let previous = [("Place", "Umeå"), ("Area", "7")];
    let next = metadata(&[("Place", "Umeå"), ("Area", "8")]);
    assert_eq!(applied(&schema(), &previous, &[("Area", "8")]), next);
}

#[test]
fn an_empty_value_clears_the_element() {
    let previous = [("Place", "Umeå"), ("Area", "7")];
    assert_eq!(applied(&schema(), &previous, &[("Area", "")]), metadata(&[("Place", "Umeå")]));
}

#[test]
fn a_required_element_cannot_be_missing() {
    assert_eq!(refused(&strict_schema(), &[], &[("Area", "7")]), ["additionalMetadata"]);
    assert!(strict_schema().apply(None, &[]).is_err());
}

#[test]
fn a_required_element_cannot_be_cleared() {
    assert_eq!(
        refused(&strict_schema(), &[("Discipline", "A")], &[("Discipline", "")]),
        ["additionalMetadata[0].value"]
    );
}

#[test]
fn a_required_element_is_inherited() {
    let previous = [("Discipline", "A")];
    assert_eq!(applied(&strict_schema(), &previous, &[]), metadata(&previous));
}

#[test]
fn what_the_schema_no_longer_has_is_dropped() {
    assert_eq!(
        applied(&schema(), &[("Gone", "x"), ("Area", "7")], &[]),
        metadata(&[("Area", "7")])
    );
}

#[test]
fn every_offending_entry_is_named() {
    let fields = [
        "additionalMetadata",
        "additionalMetadata[0].value",
        "additionalMetadata[1].metadataElementId",
    ];
    assert_eq!(refused(&strict_schema(), &[], &[("Area", "x"), ("Gone", "x")]), fields);
}
