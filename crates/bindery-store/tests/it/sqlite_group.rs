//! Changes that the embedded engine commits together: what one of them does to the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bindery_domain::{OrgKey, Scope};
use bindery_store::search::index::{self, Indexed};
use bindery_store::{Query, Store, StoreError, Tx, params};

use crate::database::TestDatabase;
use crate::engine::names;

/// Enters a name and a document, and fails when told to.
async fn enter(tx: Tx, document: i64, fails: bool) -> Result<(), StoreError> {
    let sql = "insert into server_value (name, value) values ($1, $2)";
    tx.query(sql, params![document.to_string(), [1]]).await?;
    let (name_search, facets) = ("planritning".to_owned(), Vec::new());
    let indexed = Indexed { document, binder: 1, tab: 1, newest: -document, name_search, facets };
    index::insert(&tx, &Scope::own(OrgKey(1)), &indexed).await?;
    if fails { Err(StoreError::Column(usize::try_from(document).unwrap())) } else { Ok(()) }
}

/// What the trigram index finds, and how many documents are counted.
async fn indexed(store: &Store) -> (Vec<i64>, i64) {
    let sql =
        "select rowid from document_name where document_name match 'name : \"itn\"' order by rowid";
    let mut found = store.query(sql, params![]).await.unwrap();
    let found = found.iter_mut().map(|row| row.take(0).unwrap()).collect();
    let count = store.query_opt("select sum(n) from facet_count", params![]).await.unwrap();
    (found, count.unwrap().take(0).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_late_takes_no_other_along() {
    let database = TestDatabase::sqlite().await;
    let store = &database.store;
    let is_held = Arc::new(AtomicBool::new(false));
    // This one holds the thread until all others have been queued, so that they make one group.
    let (queued, all_queued) = std::sync::mpsc::channel();
    let all_queued = parking_lot::Mutex::new(all_queued);
    let holder = tokio::spawn({
        let (store, is_held) = (store.clone(), Arc::clone(&is_held));
        async move {
            let hold = move |_| {
                if !is_held.swap(true, Ordering::SeqCst) {
                    all_queued.lock().recv_timeout(Duration::from_secs(20)).unwrap();
                }
                async { Ok::<_, StoreError>(()) }
            };
            store.write(hold).await
        }
    });
    while !is_held.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    let mut others = Vec::new();
    for document in 1..=5 {
        let write = store.write(move |tx| enter(tx, document, document % 2 == 0));
        let mut write = Box::pin(write);
        tokio::select! {
            biased;
            _ = &mut write => panic!("the writer was held"),
            () = std::future::ready(()) => others.push(write),
        }
    }
    queued.send(()).unwrap();
    holder.await.unwrap().unwrap();
    for (document, other) in (1..).zip(others) {
        match other.await {
            Ok(()) => assert_eq!(document % 2, 1),
            Err(StoreError::Column(n)) => assert!(n == document && n % 2 == 0),
            Err(error) => panic!("{document}: {error}"),
        }
    }
    assert_eq!(names(store).await, ["1", "3", "5"]);
    assert_eq!(indexed(store).await, (vec![1, 3, 5], 3));
}
