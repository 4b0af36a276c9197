//! What searches refuse, and what just matches nothing.

use bindery_domain::{Filter, Refusal, SearchRequest, SortKey, Visible};

use super::dice::Dice;
use super::fixture::Fixture;
use super::place::Engine;
use crate::search::{self, SearchError};

super::on_both_engines!(
    an_element_that_no_binder_has_is_refused_by_its_field,
    an_element_that_the_named_binder_lacks_is_refused,
    a_value_not_of_its_type_is_refused_even_where_nothing_could_match,
    what_does_not_exist_matches_nothing,
    long_text_cannot_be_sorted_on,
);

/// What a search of these filters and this order gives: the offending fields, or the number of documents.
async fn ask(
    fixture: &Fixture,
    filters: &[(&str, &str)],
    sort: &[&str],
) -> Result<i64, Vec<String>> {
    let filters = filters.iter().map(|(element, value)| Filter {
        element: (*element).to_owned(),
        value_id: Some((*value).to_owned()),
        value: None,
    });
    let sort =
        sort.iter().map(|element| SortKey { element: (*element).to_owned(), direction: None });
    let request = SearchRequest {
        filters: filters.collect(),
        sort: sort.collect(),
        ..SearchRequest::default()
    };
    let request = request.check().unwrap();
    match search::run(&fixture.store, &fixture.scope, &Visible::All, &request).await {
        Ok(page) => Ok(page.total),
        Err(SearchError::Refused(Refusal::Invalid(errors))) => Err(errors.0.into_keys().collect()),
        Err(error) => panic!("{error}"),
    }
}

fn refused(fields: &[&str]) -> Result<i64, Vec<String>> {
    Err(fields.iter().map(|field| (*field).to_owned()).collect())
}

async fn an_element_that_no_binder_has_is_refused_by_its_field(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(5), 30).await;
    let filters = [("GLOBAL_Status", "active"), ("nowhere", "1")];
    assert_eq!(
        ask(&fixture, &filters, &[]).await,
        refused(&["MetadataFilters[1].metadataElementId"])
    );
    let sort = ["GLOBAL_Date", "nowhere"];
    assert_eq!(ask(&fixture, &[], &sort).await, refused(&["SortBy[1].metadataElementId"]));
}

async fn an_element_that_the_named_binder_lacks_is_refused(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(5), 30).await;
    // The last binder has no elements of its own.
    let binder = ("GLOBAL_BinderId", "Binder_03");
    let own = fixture.model.binders[0]
        .schema
        .elements
        .iter()
        .find(|element| element.built_in().is_none())
        .unwrap();
    let own = own.id.as_str();
    let both = [binder, (own, "1")];
    assert_eq!(ask(&fixture, &both, &[]).await, refused(&["MetadataFilters[1].metadataElementId"]));
    if own != "notes" {
        assert_eq!(
            ask(&fixture, &[binder], &[own]).await,
            refused(&["SortBy[0].metadataElementId"])
        );
    }
}

async fn a_value_not_of_its_type_is_refused_even_where_nothing_could_match(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(5), 30).await;
    let filters = [("GLOBAL_BinderId", "Absent_01"), ("GLOBAL_Date", "yesterday")];
    assert_eq!(ask(&fixture, &filters, &[]).await, refused(&["MetadataFilters[1].valueId"]));
}

async fn what_does_not_exist_matches_nothing(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(5), 30).await;
    for filter in [
        ("GLOBAL_BinderId", "Absent_01"),
        ("GLOBAL_BinderId", "no binder id at all"),
        ("GLOBAL_TabId", "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e"),
        ("GLOBAL_TabId", "no folder id at all"),
        ("GLOBAL_TabType", "checklist"),
        ("GLOBAL_Status", "nowhere"),
    ] {
        assert_eq!(ask(&fixture, &[filter], &["GLOBAL_Date"]).await, Ok(0), "{filter:?}");
    }
}

async fn long_text_cannot_be_sorted_on(engine: Engine) {
    for seed in 1.. {
        let fixture = Fixture::new(engine, &mut Dice::new(seed), 3).await;
        let has_notes =
            fixture.model.binders.iter().any(|binder| binder.schema.find("notes").is_some());
        if has_notes {
            assert_eq!(
                ask(&fixture, &[], &["notes"]).await,
                refused(&["SortBy[0].metadataElementId"])
            );
            return;
        }
    }
}
