//! What the embedded engine does that PostgreSQL does by itself, or differently.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bindery_store::{Query, StoreError, StoreLimits, params};

use crate::database::TestDatabase;
use crate::engine::{ENDLESS, names, put};

#[tokio::test(flavor = "multi_thread")]
async fn hanging_up_ends_a_statement() {
    let database = TestDatabase::sqlite().await;
    // More than there are threads: if one went on, the reads below would wait for its 30 seconds.
    let began = Instant::now();
    for _ in 0..4 {
        let hung_up = tokio::time::timeout(
            Duration::from_millis(20),
            database.store.query(ENDLESS, params![]),
        )
        .await;
        assert!(hung_up.is_err());
        let search = database
            .store
            .snapshot(|snapshot| async move { snapshot.query(ENDLESS, params![]).await });
        assert!(tokio::time::timeout(Duration::from_millis(20), search).await.is_err());
    }
    for _ in 0..4 {
        assert!(names(&database.store).await.is_empty());
        database
            .store
            .snapshot(|snapshot| async move { snapshot.query("select 1", params![]).await })
            .await
            .unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_transaction_runs_the_others_again() {
    let database = TestDatabase::sqlite().await;
    let limits = StoreLimits { statement: Duration::from_millis(100), ..StoreLimits::default() };
    let store = database.limited(limits).await;
    let runs = Arc::new(AtomicUsize::new(0));
    // The first closure holds the thread until all have been queued, so that they make one group.
    let (queued, all_queued) = std::sync::mpsc::channel();
    let all_queued = parking_lot::Mutex::new(all_queued);
    let first = {
        let (store, runs) = (store.clone(), Arc::clone(&runs));
        tokio::spawn(async move {
            store
                .write(move |tx| {
                    if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                        all_queued.lock().recv_timeout(Duration::from_secs(20)).unwrap();
                    }
                    async move {
                        let sql = "insert into server_value (name, value) values ('first', $1)";
                        tx.query(sql, params![[1]]).await
                    }
                })
                .await
        })
    };
    while runs.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    // An interrupted insert ends SQLite's whole transaction, not its savepoint alone.
    let endless = "insert into server_value (name, value)
        with recursive n (i) as (select 1 union all select i + 1 from n) select 'x', x'00' from n where i < 0";
    let mut doomed =
        Box::pin(store.write(move |tx| async move { tx.query(endless, params![]).await }));
    let mut last = Box::pin(put(&store, "last", 3));
    tokio::select! {
        biased;
        _ = &mut doomed => panic!("the writer was held"),
        _ = &mut last => panic!("the writer was held"),
        () = std::future::ready(()) => {}
    }
    queued.send(()).unwrap();
    let doomed = doomed.await;
    assert!(matches!(doomed, Err(StoreError::Interrupted)), "{doomed:?}");
    first.await.unwrap().unwrap();
    last.await.unwrap();
    assert_eq!(names(&store).await, ["first", "last"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_that_waits_for_something_else_is_refused() {
    let database = TestDatabase::sqlite().await;
    for n in 0..2 {
        let store = database.store.clone();
        let answer = database.store.write(move |tx| {
            let store = store.clone();
            async move {
                tx.query("insert into server_value (name, value) values ('a', $1)", params![[1]])
                    .await?;
                if n == 0 {
                    store.query("select 1", params![]).await?;
                } else {
                    std::future::pending::<()>().await;
                }
                Ok::<_, StoreError>(())
            }
        });
        let error = answer.await.unwrap_err().to_string();
        assert!(error.contains("its own statements"), "{error}");
    }
    assert!(names(&database.store).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_writer_waits_and_then_gives_up() {
    let database = TestDatabase::sqlite().await;
    let limits = StoreLimits { busy: Duration::from_millis(100), ..StoreLimits::default() };
    let impatient = database.limited(limits).await;
    let other = rusqlite::Connection::open(database.beside("bindery.db")).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let refused = put(&impatient, "a", 1).await;
    assert!(matches!(refused, Err(StoreError::Busy(_))), "{refused:?}");
    assert!(names(&impatient).await.is_empty());
    let patient = tokio::spawn({
        let store = database.store.clone();
        async move { put(&store, "b", 1).await }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    other.execute_batch("commit").unwrap();
    patient.await.unwrap().unwrap();
    assert_eq!(names(&impatient).await, ["b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_not_utf8_is_never_handed_out() {
    let database = TestDatabase::sqlite().await;
    let answer = database.store.query("select cast(x'ff41' as text)", params![]).await;
    assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_writing_is_consistent() {
    let database = TestDatabase::sqlite().await;
    let stop = Arc::new(AtomicUsize::new(0));
    let writing = tokio::spawn({
        let (store, stop) = (database.store.clone(), Arc::clone(&stop));
        async move {
            let mut pair = 0;
            while stop.load(Ordering::Relaxed) == 0 {
                store
                    .write(move |tx| async move {
                        for half in ["a", "b"] {
                            let sql = "insert into server_value (name, value) values ($1, zeroblob(20000))";
                            tx.query(sql, params![format!("{pair:05}{half}")]).await?;
                        }
                        Ok::<_, StoreError>(())
                    })
                    .await
                    .unwrap();
                pair += 1;
            }
        }
    });
    for n in 0..5 {
        put(&database.store, &format!("mark{n}"), n).await.unwrap();
        let copy = database.beside(&format!("copy{n}.db"));
        database.store.backup_to(&copy).await.unwrap();
        let copy = rusqlite::Connection::open(copy).unwrap();
        let sound: String = copy.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        let count = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("select count(*) from server_value where name like 'mark%'"), n + 1);
        assert_eq!(count("select count(*) % 2 from server_value where name not like 'mark%'"), 0);
    }
    stop.store(1, Ordering::Relaxed);
    writing.await.unwrap();
    let taken = database.store.backup_to(&database.beside("copy0.db")).await;
    assert!(matches!(taken, Err(StoreError::Schema(_))), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_does_not_grow_beside_a_writer_that_never_pauses() {
    let database = TestDatabase::sqlite().await;
    let store = &database.store;
    // 200 MB through a log that begins anew at 64 MiB, with reads all the while.
    let wal = database.beside("bindery.db-wal");
    let mut greatest = 0;
    for n in 0..100 {
        store
            .write(move |tx| async move {
                let sql = "insert into server_value (name, value) values ($1, zeroblob(2000000))";
                tx.query(sql, params![format!("{n:03}")]).await
            })
            .await
            .unwrap();
        store.query("select count(*) from server_value", params![]).await.unwrap();
        greatest = greatest.max(std::fs::metadata(&wal).unwrap().len());
    }
    assert!(greatest < 100_000_000, "{greatest}");
    store.close().await.unwrap();
    assert!(!wal.exists(), "the log is gone after an orderly end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_apart() {
    let database = TestDatabase::sqlite().await;
    // SQLite's own limit on the number of pages answers as a disk without space does.
    let fill = |blob: i64, limit: &'static str| {
        database.store.write(move |tx| async move {
            tx.query(limit, params![]).await?;
            let name = format!("{blob}");
            tx.query(
                "insert into server_value (name, value) values ($1, zeroblob($2))",
                params![name, blob],
            )
            .await
        })
    };
    let full = fill(50_000_000, "pragma max_page_count = 1000").await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    fill(1_000, "pragma max_page_count = 1000").await.unwrap();
    fill(5_000_000, "pragma max_page_count = 1000000").await.unwrap();
    assert_eq!(names(&database.store).await.len(), 2);
}
