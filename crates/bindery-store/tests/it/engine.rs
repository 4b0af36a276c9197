//! What holds on either engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bindery_store::{Query, Row, Sql, Store, StoreError, StoreLimits, Value, params};

use crate::database::TestDatabase;
use crate::on_both_engines;

on_both_engines!(
    parameters_are_bound_by_their_numbers,
    every_value_comes_back_as_it_went_in,
    a_missing_parameter_is_refused,
    one_row_is_not_two,
    a_failed_closure_changes_nothing,
    a_failed_statement_spoils_its_transaction,
    a_panic_fails_its_own_caller_alone,
    concurrent_writes_are_all_there_when_answered,
    a_clash_names_its_constraint,
    a_snapshot_does_not_see_later_commits,
    a_snapshot_cannot_write,
    a_statement_over_its_limit_is_interrupted,
    a_transaction_is_of_no_use_outside_its_closure,
    a_closed_store_refuses,
    an_open_store_is_reachable,
    another_handle_sees_what_was_committed,
);

/// An endless statement.
pub(crate) const ENDLESS: &str =
    "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";

pub(crate) async fn put(store: &Store, name: &str, value: i64) -> Result<(), StoreError> {
    let name = name.to_owned();
    store
        .write(move |tx| {
            let name = name.clone();
            async move {
                let sql = "insert into server_value (name, value) values ($1, $2)";
                tx.query(sql, params![name, value.to_be_bytes()]).await?;
                Ok(())
            }
        })
        .await
}

pub(crate) async fn names(db: &impl Query) -> Vec<String> {
    let rows = db.query("select name from server_value order by name", params![]).await.unwrap();
    rows.into_iter().map(|mut row| row.take(0).unwrap()).collect()
}

fn only(rows: Vec<Row>) -> Row {
    let [row] = <[Row; 1]>::try_from(rows).unwrap();
    row
}

async fn parameters_are_bound_by_their_numbers(database: TestDatabase) {
    let mut row =
        only(database.store.query("select $2, $1, $2", params![7_i64, "seven"]).await.unwrap());
    assert_eq!(row.take::<String>(0).unwrap(), "seven");
    assert_eq!(row.take::<i64>(1).unwrap(), 7);
    assert_eq!(row.take::<String>(2).unwrap(), "seven");
    let mut row = only(database.store.query("select $1 + $1, $1", params![21_i64]).await.unwrap());
    assert_eq!(row.take::<i64>(0).unwrap(), 42);
    assert_eq!(row.take::<i64>(1).unwrap(), 21);
    let twelve = (1..=12).map(Value::Int).collect();
    let mut row = only(
        database
            .store
            .query("select $12, $1, $11, $2, $3+$4+$5+$6+$7+$8+$9+$10", twelve)
            .await
            .unwrap(),
    );
    assert_eq!([12, 1, 11, 2, 52], [0, 1, 2, 3, 4].map(|column| row.take::<i64>(column).unwrap()));
}

async fn every_value_comes_back_as_it_went_in(database: TestDatabase) {
    for value in [
        Value::Int(0),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::Real(0.1),
        Value::Real(-1.5e300),
        Value::Text(String::new()),
        Value::Text("Å, é, 🏗 and 'quotes' $1".into()),
        Value::Bytes(Vec::new()),
        Value::Bytes(vec![0, 1, 255, 0]),
        Value::Null,
    ] {
        let mut row = only(database.store.query("select $1", vec![value.clone()]).await.unwrap());
        assert_eq!(row.take::<Value>(0).unwrap(), value);
    }
    put(&database.store, "a", i64::MAX).await.unwrap();
    let mut row = only(
        database.store.query("select value, name from server_value", params![]).await.unwrap(),
    );
    assert_eq!(row.take::<Vec<u8>>(0).unwrap(), i64::MAX.to_be_bytes());
    assert_eq!(row.take::<String>(1).unwrap(), "a");
}

async fn a_missing_parameter_is_refused(database: TestDatabase) {
    let answer = database.store.query("select $1, $2", params![1_i64]).await;
    assert!(matches!(answer, Err(StoreError::Engine(_))), "{answer:?}");
}

async fn one_row_is_not_two(database: TestDatabase) {
    let store = &database.store;
    assert_eq!(store.query_opt("select name from server_value", params![]).await.unwrap(), None);
    let two = store.query_opt("select 1 union all select 2", params![]).await;
    assert!(matches!(two, Err(StoreError::TooManyRows)), "{two:?}");
}

async fn a_failed_closure_changes_nothing(database: TestDatabase) {
    let answer: Result<(), StoreError> = database
        .store
        .write(|tx| async move {
            tx.query(
                "insert into server_value (name, value) values ('a', $1)",
                params![b"x".as_slice()],
            )
            .await?;
            assert_eq!(names(&tx).await, ["a"]);
            Err(StoreError::Corrupt("no".into()))
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
    assert!(names(&database.store).await.is_empty());
}

async fn a_failed_statement_spoils_its_transaction(database: TestDatabase) {
    let answer: Result<(), StoreError> = database
        .store
        .write(|tx| async move {
            tx.query(
                "insert into server_value (name, value) values ('a', $1)",
                params![b"x".as_slice()],
            )
            .await?;
            assert!(tx.query("select nothing from nowhere", params![]).await.is_err());
            let after = tx.query("select 1", params![]).await;
            assert!(matches!(after, Err(StoreError::Engine(_))), "{after:?}");
            Ok(())
        })
        .await;
    // Neither a statement's own error nor a panic's.
    let error = answer.unwrap_err().to_string();
    assert!(error.contains("an earlier statement of the transaction failed"), "{error}");
    assert!(names(&database.store).await.is_empty());
}

async fn a_panic_fails_its_own_caller_alone(database: TestDatabase) {
    let mut writes = Vec::new();
    for n in 0..40_i64 {
        let store = database.store.clone();
        writes.push(tokio::spawn(async move {
            store
                .write(move |tx| async move {
                    let sql = "insert into server_value (name, value) values ($1, $2)";
                    tx.query(sql, params![format!("{n:02}"), n.to_be_bytes()]).await?;
                    assert!(n % 2 == 0, "odd");
                    Ok::<_, StoreError>(())
                })
                .await
        }));
    }
    for (n, write) in writes.into_iter().enumerate() {
        match write.await.unwrap() {
            Ok(()) => assert_eq!(n % 2, 0),
            Err(error) => assert!(n % 2 == 1 && error.to_string().contains("odd"), "{error}"),
        }
    }
    assert_eq!(names(&database.store).await.len(), 20);
}

async fn concurrent_writes_are_all_there_when_answered(database: TestDatabase) {
    let other = database.second().await;
    let mut writes = Vec::new();
    for n in 0..200_i64 {
        let (store, other) = (database.store.clone(), other.clone());
        writes.push(tokio::spawn(async move {
            put(&store, &format!("{n:03}"), n).await.unwrap();
            let sql = "select 1 from server_value where name = $1";
            assert!(other.query_opt(sql, params![format!("{n:03}")]).await.unwrap().is_some());
        }));
    }
    for write in writes {
        write.await.unwrap();
    }
    assert_eq!(names(&other).await.len(), 200);
}

async fn a_clash_names_its_constraint(database: TestDatabase) {
    let insert = "insert into organization (org, id, name, name_identity, created) values ($1, $2, 'A', 'a', 1)";
    let document = "insert into document (document, org, id, binder, tab, folder, newest, name, name_identity,
        name_search, name_order, created_by, latest, latest_id, latest_label, versions, greatest_label, metadata,
        modified) values ($1, 1, $2, 1, 1, 1, $1, 'N', 'n', 'n', $2, 'c', 1, $2, '1', 1, 1, '[]', 1)";
    for (name, sql, first, second) in [
        ("organization_id_key", insert, params![1_i64, [1; 16]], params![2_i64, [1; 16]]),
        ("organization_pkey", insert, params![3_i64, [3; 16]], params![3_i64, [4; 16]]),
        ("document_name_key", document, params![1_i64, [1; 16]], params![2_i64, [2; 16]]),
        (
            "server_value_pkey",
            "insert into server_value (name, value) values ($1, $2)",
            params!["a", [1]],
            params!["a", [2]],
        ),
    ] {
        let answer: Result<(), StoreError> = database
            .store
            .write(move |tx| {
                let (first, second) = (first.clone(), second.clone());
                async move {
                    tx.query(sql, first).await?;
                    tx.query(sql, second).await?;
                    Ok(())
                }
            })
            .await;
        assert!(
            matches!(&answer, Err(StoreError::Unique(found)) if found == name),
            "{name}: {answer:?}"
        );
    }
    // What is no clash is none: a check, a missing value.
    for sql in [
        "insert into usage (org) values (1)",
        "insert into client (id, org, name, role, created) values ('a', 1, 'a', 'king', 1)",
    ] {
        let answer =
            database.store.write(move |tx| async move { tx.query(sql, params![]).await }).await;
        assert!(matches!(answer, Err(StoreError::Engine(_))), "{answer:?}");
    }
}

async fn a_snapshot_does_not_see_later_commits(database: TestDatabase) {
    put(&database.store, "a", 1).await.unwrap();
    let (read, has_read) = std::sync::mpsc::channel();
    let (wrote, has_written) = std::sync::mpsc::channel();
    let store = database.store.clone();
    let snapshot = tokio::spawn(async move {
        store
            .snapshot(move |snapshot| async move {
                let before = names(&snapshot).await;
                read.send(()).unwrap();
                tokio::task::block_in_place(|| has_written.recv_timeout(Duration::from_secs(20)))
                    .unwrap();
                Ok::<_, StoreError>((before, names(&snapshot).await))
            })
            .await
    });
    tokio::task::block_in_place(|| has_read.recv_timeout(Duration::from_secs(20))).unwrap();
    put(&database.store, "b", 2).await.unwrap();
    wrote.send(()).unwrap();
    let (before, after) = snapshot.await.unwrap().unwrap();
    assert_eq!(before, ["a"]);
    assert_eq!(after, ["a"]);
    assert_eq!(names(&database.store).await, ["a", "b"]);
}

async fn a_snapshot_cannot_write(database: TestDatabase) {
    let answer = database
        .store
        .snapshot(|snapshot| async move {
            snapshot
                .query("insert into server_value (name, value) values ('a', $1)", params![[1]])
                .await
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Engine(_))), "{answer:?}");
    assert!(names(&database.store).await.is_empty());
}

async fn a_statement_over_its_limit_is_interrupted(database: TestDatabase) {
    let limits = StoreLimits {
        statement: Duration::from_millis(50),
        search: Duration::from_millis(50),
        ..StoreLimits::default()
    };
    let store = database.limited(limits).await;
    let read = store.query(ENDLESS, params![]).await;
    assert!(matches!(read, Err(StoreError::Interrupted)), "{read:?}");
    let search =
        store.snapshot(|snapshot| async move { snapshot.query(ENDLESS, params![]).await }).await;
    assert!(matches!(search, Err(StoreError::Interrupted)), "{search:?}");
    let write = store.write(|tx| async move { tx.query(ENDLESS, params![]).await }).await;
    assert!(matches!(write, Err(StoreError::Interrupted)), "{write:?}");
    // Each still works afterwards.
    put(&store, "a", 1).await.unwrap();
    assert_eq!(names(&store).await, ["a"]);
}

async fn a_transaction_is_of_no_use_outside_its_closure(database: TestDatabase) {
    let tx = database.store.write(|tx| async move { Ok::<_, StoreError>(tx) }).await.unwrap();
    let answer = tx.query("select 1", params![]).await;
    assert!(matches!(answer, Err(StoreError::Engine(_))), "{answer:?}");
}

async fn a_closed_store_refuses(database: TestDatabase) {
    let closing = database.store.clone();
    put(&database.store, "a", 1).await.unwrap();
    closing.close().await.unwrap();
    closing.close().await.unwrap();
    let answer = database.store.query("select 1", params![]).await;
    assert!(matches!(answer, Err(StoreError::Busy(_))), "{answer:?}");
    assert!(!database.store.is_reachable().await);
    let answer = put(&database.store, "b", 1).await;
    assert!(matches!(answer, Err(StoreError::Busy(_))), "{answer:?}");
    assert_eq!(names(&database.second().await).await, ["a"]);
}

async fn an_open_store_is_reachable(database: TestDatabase) {
    assert!(database.store.is_reachable().await);
}

async fn another_handle_sees_what_was_committed(database: TestDatabase) {
    let other = database.second().await;
    let runs = Arc::new(AtomicUsize::new(0));
    for n in 0..20 {
        put(if n % 2 == 0 { &database.store } else { &other }, &format!("{n:02}"), n)
            .await
            .unwrap();
        runs.fetch_add(1, Ordering::Relaxed);
        assert_eq!(names(&other).await.len(), runs.load(Ordering::Relaxed));
        assert_eq!(names(&database.store).await.len(), runs.load(Ordering::Relaxed));
    }
    let each = Sql::Each { sqlite: "select 'sqlite'".into(), postgres: "select 'postgres'".into() };
    assert_eq!(database.store.query(each, params![]).await.unwrap().len(), 1);
}
