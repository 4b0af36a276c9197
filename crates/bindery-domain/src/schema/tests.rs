use super::*;

#[test]
fn built_in_elements_are_found_by_their_ids() {
    for built_in in BuiltIn::ALL {
        assert_eq!(BuiltIn::from_id(built_in.id()), Some(built_in));
    }
}
