//! The statements of searches read the indexes that they are made for.

use bindery_domain::DataType;

use super::dice::Dice;
use super::fixture::Fixture;
use super::place::Engine;
use crate::search::driver::Driver;
use crate::search::spec::{FacetPlace, FacetTest, Reach, Spec, Test};
use crate::search::statement::Statement;
use crate::search::walk::Walk;
use crate::{Query, Store};

/// The lines of SQLite's plan.
async fn plan(store: &Store, mut statement: Statement) -> String {
    statement.prefix("explain query plan ");
    let (sql, values) = statement.into_parts();
    let rows = store.query(sql, values).await.unwrap();
    let lines = rows.into_iter().map(|mut row| row.take::<String>(3).unwrap());
    lines.collect::<Vec<_>>().join("; ")
}

fn facet(element: i64, binder: i64) -> Test {
    let place = FacetPlace::One(binder);
    Test::Facet(FacetTest { element, value: vec![1], exact: Vec::new(), place, is_counted: false })
}

/// The plan of a driver's statement in the order of making, from a place on.
async fn driver_plan(fixture: &Fixture, driver: Driver, reach: Reach, tests: Vec<Test>) -> String {
    let spec = Spec { reach, tests, order: Vec::new() };
    let mut statement = driver.select(7, "abc", &spec);
    statement.push(" and ").push(driver.newest()).push_bound(" > ", -5);
    statement.push(" order by ").push(driver.newest()).push(" limit 50");
    plan(&fixture.store, statement).await
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_in_their_order_are_read_from_a_covering_index() {
    let fixture = Fixture::new(Engine::Sqlite, &mut Dice::new(1), 3).await;
    let word = || vec![Test::Word("x".into())];
    for (reach, index) in [
        (Reach::Organization, "document_by_newest (org=? AND newest>?)"),
        (Reach::Binder(31), "document_by_binder (org=? AND binder=? AND newest>?)"),
        (
            Reach::Folder { folder: 310, binder: 31 },
            "document_by_folder (org=? AND folder=? AND newest>?)",
        ),
    ] {
        let plan = driver_plan(&fixture, Driver::Documents, reach, word()).await;
        assert_eq!(plan, format!("SEARCH d USING COVERING INDEX {index}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_probe_the_key_of_the_facets() {
    let fixture = Fixture::new(Engine::Sqlite, &mut Dice::new(1), 3).await;
    let tests = || vec![facet(1, 31), facet(2, 31)];
    let driver = Driver::Facets { test: 0, binder: 31 };
    let driven = driver_plan(&fixture, driver, Reach::Binder(31), tests()).await;
    let probe = "SEARCH p EXISTS USING PRIMARY KEY (org=? AND binder=? AND element=? AND value=? AND newest=? AND document=?)";
    let drive =
        "SEARCH f USING PRIMARY KEY (org=? AND binder=? AND element=? AND value=? AND newest>?)";
    assert!(driven.starts_with(drive), "{driven}");
    assert!(driven.contains(probe), "{driven}");
    assert!(!driven.contains("TEMP B-TREE"), "{driven}");
    let walked = driver_plan(&fixture, Driver::Documents, Reach::Binder(31), tests()).await;
    assert!(walked.starts_with("SEARCH d USING COVERING INDEX document_by_binder"), "{walked}");
    assert_eq!(walked.matches(probe).count(), 2, "{walked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_looked_up_before_their_documents() {
    let fixture = Fixture::new(Engine::Sqlite, &mut Dice::new(1), 3).await;
    let tests = vec![Test::Word("ritning".into()), facet(1, 0)];
    let plan = driver_plan(&fixture, Driver::Names, Reach::Organization, tests).await;
    assert!(plan.starts_with("SCAN m VIRTUAL TABLE INDEX 0:M"), "{plan}");
    assert!(plan.contains("SEARCH d USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_walked_in_either_direction_without_sorting() {
    let fixture = Fixture::new(Engine::Sqlite, &mut Dice::new(1), 3).await;
    let walk = Walk {
        element: 1,
        id: "size",
        data_type: DataType::Number,
        binders: &[31],
        is_always_set: false,
        is_descending: false,
    };
    for order in
        [" order by f.value, f.newest limit 50", " order by f.value desc, f.newest desc limit 50"]
    {
        let mut statement = walk.select(7, 31, "f.value, f.document");
        statement.push(order);
        let plan = plan(&fixture.store, statement).await;
        assert_eq!(plan, "SEARCH f USING PRIMARY KEY (org=? AND binder=? AND element=?)");
    }
}
