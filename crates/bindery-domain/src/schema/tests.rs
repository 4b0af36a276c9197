use super::*;

fn element(id: &str, label: &str, allowed: &[(&str, &str)]) -> Element {
    let allowed: Vec<_> = allowed
        .iter()
        .map(|(id, label)| AllowedValue {
            key: 1,
            id: id.parse().unwrap(),
            label: (*label).to_owned(),
            retired: false,
        })
        .collect();
    let data_type = if allowed.is_empty() { DataType::String } else { DataType::Enum };
    Element {
        key: 1,
        id: id.parse().unwrap(),
        label: label.to_owned(),
        data_type,
        required: false,
        allowed,
    }
}

fn metadata(id: &str, value: &str) -> Metadata {
    Metadata(vec![(id.parse().unwrap(), value.to_owned())])
}

#[test]
fn built_in_elements_are_found_by_their_ids() {
    for built_in in BuiltIn::ALL {
        assert_eq!(BuiltIn::from_id(built_in.id()), Some(built_in));
        assert!(built_in.id().starts_with(BuiltIn::PREFIX));
    }
    assert_eq!(BuiltIn::from_id("GLOBAL_status"), None);
}

#[test]
fn a_built_in_element_is_stored_or_computed_or_the_file_name() {
    for built_in in BuiltIn::ALL {
        let ways = [built_in.is_stored(), built_in.is_computed(), built_in == BuiltIn::FileName];
        assert_eq!(ways.into_iter().filter(|way| *way).count(), 1, "{built_in:?}");
    }
}

#[test]
fn elements_are_found_by_id_in_exact_case() {
    let schema = Schema { elements: vec![element("Place", "Ort", &[])] };
    assert_eq!(schema.find("Place").unwrap().label, "Ort");
    assert_eq!(schema.find("place"), None);
}

#[test]
fn the_description_is_the_element_with_that_id() {
    let elements =
        vec![element("x1", "Description", &[]), element("description", "Beskrivning", &[])];
    let schema = Schema { elements };
    assert_eq!(schema.description_element().unwrap().label, "Beskrivning");
    assert_eq!(schema.description(&metadata("description", "Plan 1")).as_deref(), Some("Plan 1"));
}

#[test]
fn the_description_is_else_the_element_labelled_so_in_any_case() {
    let schema = Schema { elements: vec![element("x1", "DESCRIPTION", &[])] };
    assert_eq!(schema.description(&metadata("x1", "Plan 1")).as_deref(), Some("Plan 1"));
    assert_eq!(schema.description(&Metadata::default()), None);
    assert_eq!(Schema::default().description(&metadata("x1", "Plan 1")), None);
}

#[test]
fn an_enumerated_description_is_its_label() {
    let schema = Schema { elements: vec![element("description", "Typ", &[("p", "Plan")])] };
    assert_eq!(schema.description(&metadata("description", "p")).as_deref(), Some("Plan"));
}

#[test]
fn the_status_is_a_label_or_else_active() {
    let values = [("active", "Aktiv"), ("archived", "Arkiverad")];
    let schema = Schema { elements: vec![element("GLOBAL_Status", "Status", &values)] };
    assert_eq!(schema.status(&metadata("GLOBAL_Status", "archived")), "Arkiverad");
    assert_eq!(schema.status(&Metadata::default()), "Active");
}
