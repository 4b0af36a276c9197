//! A search as it was asked, and what of it holds without looking at the data.

use crate::{ElementId, FieldErrors, fold};

const MOST_FILTERS: usize = 100;
const MOST_SORT_KEYS: usize = 10;
const LONGEST_TERM: usize = 200;
const LARGEST_PAGE: i64 = 1_000;
const DEFAULT_PAGE_SIZE: i64 = 50;
const LAST_PAGE: i64 = 2_147_483_647;

/// A search as a caller sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// `MetadataFilters`: all must hold.
    pub filters: Vec<Filter>,
    /// `SortBy`, primary first.
    pub sort: Vec<SortKey>,
    /// `searchTerm`: words that must all occur in the name.
    pub term: Option<String>,
    /// `pageNumber`, 1-based.
    pub page_number: Option<i64>,
    /// `pageSize`.
    pub page_size: Option<i64>,
}

/// A filter as a caller sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `metadataElementId`.
    pub element: String,
    /// `valueId`.
    pub value_id: Option<String>,
    /// `value`, accepted in place of `valueId` for elements that are not enumerated.
    pub value: Option<String>,
}

/// A sort key as a caller sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SortKey {
    /// `metadataElementId`.
    pub element: String,
    /// `direction`.
    pub direction: Option<String>,
}

/// A search whose form is right. Elements and values are still to be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSearch {
    /// The filters, in the order and number that they were sent.
    pub filters: Vec<CheckedFilter>,
    /// The sort keys, each element once.
    pub sort: Vec<CheckedSortKey>,
    /// Texts that must all occur in a name's [`fold::search`] folding; none matches every name.
    pub words: Vec<String>,
    /// The page, 1-based.
    pub page_number: i64,
    /// The most documents of a page.
    pub page_size: i64,
}

impl CheckedSearch {
    /// How many documents come before the page.
    #[must_use]
    pub fn offset(&self) -> i64 {
        (self.page_number - 1) * self.page_size
    }
}

/// A filter that names an element and one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFilter {
    /// Its place in the request, for messages.
    pub index: usize,
    /// The element.
    pub element: ElementId,
    /// The value that a document must have, as sent.
    pub wanted: String,
    /// Whether it was sent as `valueId`, which is what enumerated elements take.
    pub has_value_id: bool,
}

impl CheckedFilter {
    /// Key of messages about the element: `MetadataFilters[0].metadataElementId`.
    #[must_use]
    pub fn element_field(&self) -> String {
        filter_field(self.index, "metadataElementId")
    }

    /// Key of messages about the value: `MetadataFilters[0].valueId`, or `.value` where only that was sent.
    #[must_use]
    pub fn value_field(&self) -> String {
        filter_field(self.index, if self.has_value_id { "valueId" } else { "value" })
    }
}

/// An element to sort on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSortKey {
    /// Its place in the request, for messages.
    pub index: usize,
    /// The element.
    pub element: ElementId,
    /// Which way.
    pub direction: Direction,
}

impl CheckedSortKey {
    /// Key of messages about the element: `SortBy[0].metadataElementId`.
    #[must_use]
    pub fn element_field(&self) -> String {
        sort_field(self.index, "metadataElementId")
    }
}

/// Which way a sort key goes. Documents without a value come last either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

impl SearchRequest {
    /// Checks what can be checked without the data: limits, directions, which values are given.
    ///
    /// # Errors
    /// Every offending field, keyed as the contract spells it: `SortBy[0].direction`.
    pub fn check(self) -> Result<CheckedSearch, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.filters.len() > MOST_FILTERS {
            return Err(FieldErrors::one(
                "MetadataFilters",
                format!("has at most {MOST_FILTERS} filters"),
            ));
        }
        if self.sort.len() > MOST_SORT_KEYS {
            return Err(FieldErrors::one(
                "SortBy",
                format!("has at most {MOST_SORT_KEYS} sort keys"),
            ));
        }
        let filters = self
            .filters
            .into_iter()
            .enumerate()
            .filter_map(|(index, filter)| check_filter(index, filter, &mut errors))
            .collect();
        let mut sort: Vec<CheckedSortKey> = Vec::new();
        for (index, key) in self.sort.iter().enumerate() {
            let Some(key) = check_sort_key(index, key, &mut errors) else { continue };
            // The second time it has nothing left to decide.
            if sort.iter().all(|before| before.element != key.element) {
                sort.push(key);
            }
        }
        let words = check_term(self.term.as_deref().unwrap_or_default(), &mut errors);
        let page_number = self.page_number.unwrap_or(1);
        if !(1..=LAST_PAGE).contains(&page_number) {
            errors.add("pageNumber", format!("must be from 1 to {LAST_PAGE}"));
        }
        let page_size = self.page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        if !(1..=LARGEST_PAGE).contains(&page_size) {
            errors.add("pageSize", format!("must be from 1 to {LARGEST_PAGE}"));
        }
        if errors.is_empty() {
            Ok(CheckedSearch { filters, sort, words, page_number, page_size })
        } else {
            Err(errors)
        }
    }
}

fn check_filter(index: usize, filter: Filter, errors: &mut FieldErrors) -> Option<CheckedFilter> {
    let element = element_id(&filter.element, || filter_field(index, "metadataElementId"), errors);
    let has_value_id = filter.value_id.is_some();
    let wanted = match (filter.value_id, filter.value) {
        (None, None) => {
            errors.add(filter_field(index, "valueId"), "is missing, and so is value");
            return None;
        }
        (Some(id), Some(value)) if fold::nfc(&id) != fold::nfc(&value) => {
            errors.add(filter_field(index, "valueId"), "differs from value");
            return None;
        }
        (Some(wanted), _) | (None, Some(wanted)) => wanted,
    };
    Some(CheckedFilter { index, element: element?, wanted, has_value_id })
}

fn check_sort_key(index: usize, key: &SortKey, errors: &mut FieldErrors) -> Option<CheckedSortKey> {
    let element = element_id(&key.element, || sort_field(index, "metadataElementId"), errors);
    let direction = match key.direction.as_deref() {
        None => Direction::default(),
        Some(word) if word.eq_ignore_ascii_case("asc") => Direction::Ascending,
        Some(word) if word.eq_ignore_ascii_case("desc") => Direction::Descending,
        Some(_) => {
            errors.add(sort_field(index, "direction"), "must be asc or desc");
            return None;
        }
    };
    Some(CheckedSortKey { index, element: element?, direction })
}

/// An id that no element can have exists nowhere, which is what the message says of an unknown one as well.
fn element_id(
    id: &str,
    field: impl FnOnce() -> String,
    errors: &mut FieldErrors,
) -> Option<ElementId> {
    let parsed = id.parse().ok();
    if parsed.is_none() {
        errors.add(field(), UNKNOWN_ELEMENT);
    }
    parsed
}

/// What is wrong with an element id that exists nowhere in the organization, or not in the binder that is searched.
pub const UNKNOWN_ELEMENT: &str = "is not a known metadata element";

/// The words of a term. One that occurs in another says nothing more.
fn check_term(term: &str, errors: &mut FieldErrors) -> Vec<String> {
    let length = fold::nfc(term).chars().count();
    if length > LONGEST_TERM {
        errors
            .add("searchTerm", format!("may have at most {LONGEST_TERM} characters, has {length}"));
        return Vec::new();
    }
    if term.contains('\0') {
        errors.add("searchTerm", "may not contain the character U+0000");
        return Vec::new();
    }
    let folded = fold::search(term);
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.iter().any(|longer| longer.contains(word)) {
            kept.push(word.to_owned());
        }
    }
    kept
}

fn filter_field(index: usize, name: &str) -> String {
    format!("MetadataFilters[{index}].{name}")
}

fn sort_field(index: usize, name: &str) -> String {
    format!("SortBy[{index}].{name}")
}

#[cfg(test)]
mod tests;
