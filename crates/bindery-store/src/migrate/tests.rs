use tempfile::TempDir;

use super::*;
use crate::StoreSettings;

const ONE: Migration = Migration {
    version: 1,
    name: "one",
    text: Sql::Same(Cow::Borrowed("create table a (n integer); insert into a values (1);")),
};
const TWO: Migration = Migration {
    version: 2,
    name: "two",
    text: Sql::Same(Cow::Borrowed("create table b (n integer); insert into a values (2);")),
};
const BROKEN: Migration = Migration {
    version: 3,
    name: "broken",
    text: Sql::Same(Cow::Borrowed("insert into a values (3); insert into nowhere values (3);")),
};
const OTHER_ONE: Migration = Migration {
    version: 1,
    name: "one",
    text: Sql::Same(Cow::Borrowed("create table a (m integer);")),
};

async fn empty() -> (Store, TempDir) {
    let place = tempfile::tempdir().unwrap();
    let settings = StoreSettings::Embedded { file: place.path().join("bindery.db") };
    (Store::open(&settings).await.unwrap(), place)
}

async fn numbers(store: &Store) -> Vec<i64> {
    let rows = store.query("select n from a order by n", params![]).await.unwrap();
    rows.into_iter().map(|mut row| row.take(0).unwrap()).collect()
}

#[tokio::test]
async fn each_migration_is_applied_once_and_in_order() {
    let (store, _place) = empty().await;
    let before = status_among(&store, &[ONE, TWO]).await.unwrap();
    assert_eq!(before, Status { version: 0, pending: vec!["0001_one".into(), "0002_two".into()] });
    assert_eq!(apply_among(&store, &[ONE]).await.unwrap(), ["0001_one"]);
    assert_eq!(apply_among(&store, &[ONE, TWO]).await.unwrap(), ["0002_two"]);
    assert!(apply_among(&store, &[ONE, TWO]).await.unwrap().is_empty());
    assert_eq!(numbers(&store).await, [1, 2]);
    let after = status_among(&store, &[ONE, TWO]).await.unwrap();
    assert_eq!(after, Status { version: 2, pending: Vec::new() });
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing_of_itself() {
    let (store, _place) = empty().await;
    assert!(apply_among(&store, &[ONE, TWO, BROKEN]).await.is_err());
    assert_eq!(numbers(&store).await, [1, 2]);
    assert_eq!(status_among(&store, &[ONE, TWO, BROKEN]).await.unwrap().pending, ["0003_broken"]);
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let (store, _place) = empty().await;
    apply_among(&store, &[ONE, TWO]).await.unwrap();
    let error = apply_among(&store, &[ONE]).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Schema(why) if why.contains("newer") && why.contains("0002_two")),
        "{error}"
    );
    assert!(matches!(status_among(&store, &[ONE]).await, Err(StoreError::Schema(_))));
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let (store, _place) = empty().await;
    apply_among(&store, &[ONE]).await.unwrap();
    let error = apply_among(&store, &[OTHER_ONE, TWO]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Schema(why) if why.contains("another build")), "{error}");
}

#[tokio::test]
async fn a_copy_is_made_before_a_database_with_content_is_migrated() {
    let (store, place) = empty().await;
    assert_eq!(
        copy_before_among(&store, &[ONE]).await.unwrap(),
        None,
        "an empty database needs none"
    );
    apply_among(&store, &[ONE]).await.unwrap();
    assert_eq!(copy_before_among(&store, &[ONE]).await.unwrap(), None, "nothing is pending");
    for _ in 0..2 {
        let copy = copy_before_among(&store, &[ONE, TWO]).await.unwrap().unwrap();
        assert_eq!(copy, place.path().join("bindery.db.before-0002"));
        let copied = Store::open(&StoreSettings::Embedded { file: copy }).await.unwrap();
        assert_eq!(numbers(&copied).await, [1]);
        copied.close().await.unwrap();
    }
}

#[tokio::test]
async fn two_processes_may_migrate_at_the_same_time() {
    let (store, place) = empty().await;
    let settings = StoreSettings::Embedded { file: place.path().join("bindery.db") };
    let other = Store::open(&settings).await.unwrap();
    let (one, two) = tokio::join!(apply(&store), apply(&other));
    assert_eq!(one.unwrap().len() + two.unwrap().len(), MIGRATIONS.len());
    assert!(status(&store).await.unwrap().pending.is_empty());
}
