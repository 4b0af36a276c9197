//! Random data and random searches: the same documents in the same order as the model finds.

use bindery_domain::{
    CheckedFilter, CheckedSearch, CheckedSortKey, DataType, Direction, FolderId, Refusal, Visible,
    fold,
};

use super::dice::Dice;
use super::fixture::{Fixture, TAB_TYPES, values};
use super::model::Model;
use super::place::Engine;
use crate::search::{self, SearchError};

super::on_both_engines!(
    searches_find_what_the_model_finds,
    searches_of_little_or_nothing_find_what_the_model_finds,
);

fn random_request(dice: &mut Dice, model: &Model) -> CheckedSearch {
    let elements: Vec<_> =
        model.binders.iter().flat_map(|binder| &binder.schema.elements).collect();
    let mut filters = Vec::new();
    for index in 0..[0, 0, 0, 1, 1, 1, 2, 3][dice.below(8)] {
        let element = *dice.one(&elements);
        let wanted = match element.id.as_str() {
            "GLOBAL_BinderId" => {
                if dice.has(90) {
                    dice.one(&model.binders).id.clone()
                } else {
                    "Absent_01".to_owned()
                }
            }
            "GLOBAL_TabId" if dice.has(90) => {
                dice.one(&model.folders).id.to_string().to_uppercase()
            }
            "GLOBAL_TabId" => FolderId::random().to_string(),
            "GLOBAL_TabType" => (*dice.one(&TAB_TYPES)).to_owned(),
            "GLOBAL_CreatedBy" => (*dice.one(&["erp-sync", "Erp-Sync", "ERP-SYNC"])).to_owned(),
            "GLOBAL_Version" => (*dice.one(&["1", "A", "a", "01"])).to_owned(),
            "GLOBAL_FileName" if !model.documents.is_empty() => {
                dice.one(&model.documents).name.clone()
            }
            _ => (*dice.one(values(element.data_type))).to_owned(),
        };
        filters.push(CheckedFilter {
            index,
            element: element.id.clone(),
            wanted,
            has_value_id: true,
        });
    }
    // Often in one binder, as people search.
    if dice.has(40) {
        let element = "GLOBAL_BinderId".parse().unwrap();
        let wanted = model.binders[dice.below(2)].id.clone();
        filters.push(CheckedFilter { index: filters.len(), element, wanted, has_value_id: true });
    }
    let mut sort: Vec<CheckedSortKey> = Vec::new();
    for index in 0..[0, 0, 1, 1, 1, 1, 2, 3][dice.below(8)] {
        let element = &dice.one(&elements);
        if element.data_type == DataType::Text
            || sort.iter().any(|before| before.element == element.id)
        {
            continue;
        }
        let direction = if dice.has(50) { Direction::Ascending } else { Direction::Descending };
        sort.push(CheckedSortKey { index, element: element.id.clone(), direction });
    }
    let mut words = Vec::new();
    if dice.has(30) && !model.documents.is_empty() {
        for _ in 0..=dice.below(2) {
            let folded: Vec<char> =
                fold::search(&dice.one(&model.documents).name).chars().collect();
            let start = dice.below(folded.len());
            let end = (start + 1 + dice.below(6)).min(folded.len());
            let piece: String = folded[start..end].iter().collect();
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    CheckedSearch { filters, sort, words, page_number: 1, page_size: 50 }
}

/// Turns every page, and one more.
async fn all_pages(fixture: &Fixture, request: &CheckedSearch, size: i64) -> Option<Vec<i64>> {
    let mut keys = Vec::new();
    let mut page_number = 1;
    loop {
        let request = CheckedSearch { page_number, page_size: size, ..request.clone() };
        let page = match search::run(&fixture.store, &fixture.scope, &Visible::All, &request).await
        {
            Ok(page) => page,
            Err(SearchError::Refused(Refusal::Invalid(_))) => return None,
            Err(error) => panic!("{error}"),
        };
        assert!(page.rows.len() <= usize::try_from(size).unwrap());
        if page.rows.is_empty() {
            assert_eq!(page.total, i64::try_from(keys.len()).unwrap(), "totalCount");
            return Some(keys);
        }
        keys.extend(page.rows.iter().map(|row| row.key));
        page_number += 1;
    }
}

async fn compare_with_model(engine: Engine, seed: u64, documents: usize, searches: usize) {
    let mut dice = Dice::new(seed);
    let fixture = Fixture::new(engine, &mut dice, documents).await;
    for _ in 0..searches {
        let request = random_request(&mut dice, &fixture.model);
        let size = i64::try_from(1 + dice.below(documents + 5)).unwrap();
        let expected = fixture.model.search(&request);
        let found = all_pages(&fixture, &request, size).await;
        assert_eq!(found, expected, "seed {seed}, pages of {size}: {request:#?}");
        // And as it is remembered.
        assert_eq!(
            all_pages(&fixture, &request, 7).await,
            expected,
            "seed {seed}, again: {request:#?}"
        );
    }
}

async fn searches_find_what_the_model_finds(engine: Engine) {
    for seed in 1..=12 {
        compare_with_model(engine, seed, 90, 60).await;
    }
}

async fn searches_of_little_or_nothing_find_what_the_model_finds(engine: Engine) {
    for (seed, documents) in [(101, 0), (102, 1), (103, 3), (104, 8)] {
        compare_with_model(engine, seed, documents, 40).await;
    }
}
