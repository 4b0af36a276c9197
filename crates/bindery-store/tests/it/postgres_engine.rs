//! What PostgreSQL does that SQLite does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bindery_store::{Query, StoreError, params};

use crate::database::TestDatabase;
use crate::engine::{names, put};

const INSERT: &str = "insert into server_value (name, value) values ($1, $2)";

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_could_not_be_serialized_runs_again() {
    let database = TestDatabase::postgres().await;
    for code in ["serialization_failure", "deadlock_detected"] {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        database
            .store
            .write(move |tx| {
                let run = counted.fetch_add(1, Ordering::SeqCst);
                async move {
                    tx.query(INSERT, params![code, [1]]).await?;
                    if run < 2 {
                        tx.query(format!("do $$ begin raise {code}; end $$"), params![]).await?;
                    }
                    Ok::<_, StoreError>(())
                }
            })
            .await
            .unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }
    assert_eq!(names(&database.store).await, ["deadlock_detected", "serialization_failure"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_never_can_is_told_to_come_back() {
    let database = TestDatabase::postgres().await;
    let answer = database.store.write(|tx| async move {
        tx.query("do $$ begin raise serialization_failure; end $$", params![]).await
    });
    let answer = answer.await;
    assert!(matches!(answer, Err(StoreError::Busy(_))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_replaced() {
    let database = TestDatabase::postgres().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    database
        .store
        .write(move |tx| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                tx.query(INSERT, params!["a", [1]]).await?;
                if run == 0 {
                    tx.query("select pg_terminate_backend(pg_backend_pid())", params![]).await?;
                }
                Ok::<_, StoreError>(())
            }
        })
        .await
        .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    // Those in the pool break, too.
    let others = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    database.second().await.query(others, params![]).await.unwrap();
    assert_eq!(names(&database.store).await, ["a"]);
    put(&database.store, "b", 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn hanging_up_ends_a_statement_and_its_transaction() {
    let database = TestDatabase::postgres().await;
    let sleep = "select cast(pg_sleep(20) as text)";
    let soon = Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, database.store.query(sleep, params![])).await.is_err());
    let write = database.store.write(move |tx| async move {
        tx.query(INSERT, params!["a", [1]]).await?;
        tx.query(sleep, params![]).await
    });
    assert!(tokio::time::timeout(soon, write).await.is_err());
    let at_work = "select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
    let gone = async {
        while database
            .store
            .query_opt(at_work, params![])
            .await
            .unwrap()
            .unwrap()
            .take::<i64>(0)
            .unwrap()
            > 0
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(18), gone)
        .await
        .expect("the server goes on for nobody");
    assert!(names(&database.store).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_read_cannot_write() {
    let database = TestDatabase::postgres().await;
    let answer = database.store.query(INSERT, params!["a", [1]]).await;
    assert!(matches!(answer, Err(StoreError::Engine(_))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_are_whole_numbers() {
    let database = TestDatabase::postgres().await;
    for number in [0, 1, -1, 9_999, 10_000, -10_001, 123_456_789_012_345, i64::MAX, i64::MIN] {
        let sql = "select sum(n) from (select cast($1 as bigint) as n) as numbers";
        let mut row = database.store.query_opt(sql, params![number]).await.unwrap().unwrap();
        assert_eq!(row.take::<i64>(0).unwrap(), number);
    }
    let broken = database.store.query("select 1.5", params![]).await;
    assert!(matches!(broken, Err(StoreError::Engine(_))), "{broken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_told_apart() {
    let settings =
        bindery_store::StoreSettings::Postgres { url: "postgres://bindery@%2Fnowhere/none".into() };
    let answer = bindery_store::Store::open(&settings).await.err().unwrap();
    assert!(matches!(answer, StoreError::Busy(_)), "{answer:?}");
    let settings =
        bindery_store::StoreSettings::Postgres { url: "postgres://bindery@host:port".into() };
    let answer = bindery_store::Store::open(&settings).await.err().unwrap();
    assert!(matches!(answer, StoreError::Schema(_)), "{answer:?}");
}
