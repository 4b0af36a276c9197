use super::*;

fn search(request: SearchRequest) -> CheckedSearch {
    request.check().unwrap()
}

/// The offending fields.
fn refused(request: SearchRequest) -> Vec<String> {
    request.check().unwrap_err().0.into_keys().collect()
}

fn filter(element: &str, value_id: Option<&str>, value: Option<&str>) -> SearchRequest {
    let filter = Filter {
        element: element.to_owned(),
        value_id: value_id.map(str::to_owned),
        value: value.map(str::to_owned),
    };
    SearchRequest { filters: vec![filter], ..SearchRequest::default() }
}

fn sort(keys: &[(&str, Option<&str>)]) -> SearchRequest {
    let keys = keys.iter().map(|(element, direction)| SortKey {
        element: (*element).to_owned(),
        direction: direction.map(str::to_owned),
    });
    SearchRequest { sort: keys.collect(), ..SearchRequest::default() }
}

fn words(term: &str) -> Vec<String> {
    search(SearchRequest { term: Some(term.to_owned()), ..SearchRequest::default() }).words
}

#[test]
fn an_empty_request_asks_for_the_first_fifty_of_everything() {
    let checked = search(SearchRequest::default());
    assert_eq!((checked.page_number, checked.page_size, checked.offset()), (1, 50, 0));
    assert!(checked.filters.is_empty() && checked.sort.is_empty() && checked.words.is_empty());
}

#[test]
fn a_filter_takes_value_id_or_value() {
    let by_id = search(filter("Area", Some("12"), None));
    assert_eq!((by_id.filters[0].wanted.as_str(), by_id.filters[0].has_value_id), ("12", true));
    assert_eq!(by_id.filters[0].value_field(), "MetadataFilters[0].valueId");
    let by_value = search(filter("Area", None, Some("12")));
    assert_eq!(
        (by_value.filters[0].wanted.as_str(), by_value.filters[0].has_value_id),
        ("12", false)
    );
    assert_eq!(by_value.filters[0].value_field(), "MetadataFilters[0].value");
}

#[test]
fn value_id_and_value_may_be_given_both_when_they_are_the_same() {
    assert_eq!(search(filter("Place", Some("Ö"), Some("O\u{308}"))).filters[0].wanted, "Ö");
    assert_eq!(refused(filter("Place", Some("a"), Some("b"))), ["MetadataFilters[0].valueId"]);
}

#[test]
fn a_filter_without_any_value_is_refused() {
    assert_eq!(refused(filter("Place", None, None)), ["MetadataFilters[0].valueId"]);
}

#[test]
fn an_element_id_that_cannot_exist_is_refused_where_it_stands() {
    assert_eq!(refused(filter("", Some("a"), None)), ["MetadataFilters[0].metadataElementId"]);
    assert_eq!(refused(filter("a\0", Some("a"), None)), ["MetadataFilters[0].metadataElementId"]);
    assert_eq!(refused(sort(&[("Place", None), ("å", None)])), ["SortBy[1].metadataElementId"]);
}

#[test]
fn every_offending_field_is_named() {
    let mut request = filter("?", None, None);
    request.sort = vec![SortKey { element: "Place".to_owned(), direction: Some("up".to_owned()) }];
    request.page_size = Some(0);
    let fields = [
        "MetadataFilters[0].metadataElementId",
        "MetadataFilters[0].valueId",
        "SortBy[0].direction",
        "pageSize",
    ];
    assert_eq!(refused(request), fields);
}

#[test]
fn a_hundred_filters_are_the_most() {
    let many = |n| {
        let one = filter("Place", Some("a"), None).filters.remove(0);
        SearchRequest { filters: vec![one; n], ..SearchRequest::default() }
    };
    assert_eq!(search(many(100)).filters.len(), 100);
    assert_eq!(refused(many(101)), ["MetadataFilters"]);
}

#[test]
fn ten_sort_keys_are_the_most() {
    assert_eq!(search(sort(&[("Place", None); 10])).sort.len(), 1);
    assert_eq!(refused(sort(&[("Place", None); 11])), ["SortBy"]);
}

#[test]
fn directions_are_taken_in_any_case_and_ascend_unless_said() {
    let checked = search(sort(&[("A", None), ("B", Some("DESC")), ("C", Some("Asc"))]));
    let directions: Vec<_> = checked.sort.iter().map(|key| key.direction).collect();
    assert_eq!(directions, [Direction::Ascending, Direction::Descending, Direction::Ascending]);
    assert_eq!(refused(sort(&[("A", Some(""))])), ["SortBy[0].direction"]);
}

#[test]
fn the_first_of_two_sort_keys_on_one_element_counts() {
    let checked = search(sort(&[("A", Some("desc")), ("A", Some("asc")), ("B", None)]));
    let keys: Vec<_> = checked.sort.iter().map(|key| (key.element.as_str(), key.index)).collect();
    assert_eq!(keys, [("A", 0), ("B", 2)]);
    assert_eq!(checked.sort[0].direction, Direction::Descending);
}

#[test]
fn a_term_is_folded_and_split_into_words() {
    assert_eq!(words(" Åtgärd \u{a0}IDÉ "), ["åtgärd", "ide"]);
    assert_eq!(words("%_*'"), ["%_*'"]);
}

#[test]
fn a_word_within_another_is_left_out() {
    assert_eq!(words("a plan planer plan"), ["planer"]);
}

#[test]
fn a_term_of_marks_alone_matches_everything() {
    assert_eq!(words("\u{301} \u{301}"), Vec::<String>::new());
}

#[test]
fn a_term_has_at_most_two_hundred_characters_after_nfc() {
    assert_eq!(words(&"o\u{308}".repeat(200)), ["ö".repeat(200)]);
    let term = |term: String| SearchRequest { term: Some(term), ..SearchRequest::default() };
    assert_eq!(refused(term("a".repeat(201))), ["searchTerm"]);
    assert_eq!(refused(term("a\0".to_owned())), ["searchTerm"]);
}

#[test]
fn pages_have_their_bounds() {
    let page = |number, size| SearchRequest {
        page_number: Some(number),
        page_size: Some(size),
        ..SearchRequest::default()
    };
    assert_eq!(search(page(2_147_483_647, 1000)).offset(), 2_147_483_646_000);
    for (number, size, field) in [
        (0, 1, "pageNumber"),
        (-1, 1, "pageNumber"),
        (2_147_483_648, 1, "pageNumber"),
        (1, 0, "pageSize"),
        (1, 1001, "pageSize"),
    ] {
        assert_eq!(refused(page(number, size)), [field]);
    }
}
