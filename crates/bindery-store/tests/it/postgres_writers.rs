//! Many writers of one organization beside a sealer: nobody waits in a circle, and all adds up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bindery_domain::Timestamp;
use bindery_store::changes::{self, Changes};
use bindery_store::journal::{self, Entry, Verified};
use bindery_store::search::recount;
use bindery_store::{Query, StoreError, params, usage};

use crate::database::TestDatabase;
use crate::world::World;

const WRITERS: usize = 8;
const CHANGES: i64 = 25;

fn entry(at: Timestamp, writer: usize) -> Entry {
    Entry {
        at,
        actor: format!("writer-{writer}"),
        verb: "document.create".to_owned(),
        object_kind: "document".to_owned(),
        object: writer.to_string(),
        before: None,
        after: None,
    }
}

async fn number(world: &World, sql: &'static str) -> i64 {
    let row = world.store.query_opt(sql, params![world.scope.owner()]).await.unwrap();
    row.unwrap().take(0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_beside_a_sealer_leave_a_whole_chain_and_true_counters() {
    let world = Arc::new(World::on(TestDatabase::postgres().await).await);
    let binder = world.binder("Kv4rnen_1", "Kvarnen").await;
    let tab = world.tab(binder, "Ritningar").await;
    let before = changes::number(&world.store, &world.scope, binder).await.unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let sealers: Vec<_> = (0..2)
        .map(|_| {
            let (world, is_over) = (Arc::clone(&world), Arc::clone(&is_over));
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let seal = |tx, scope| async move { journal::try_seal(&tx, &scope, 7).await };
                    world.write(seal).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (world, tab) = (Arc::clone(&world), tab.clone());
            tokio::spawn(async move {
                for n in 0..CHANGES {
                    world.commit(&tab, &format!("{writer}-{n}.pdf"), 7).await;
                    let clock = world.tick();
                    let note = move |tx, scope| async move {
                        let at = journal::now(&tx, &scope, clock).await?;
                        let changes = Changes::default();
                        changes::apply(&tx, &scope, &changes).await?;
                        journal::append(&tx, &scope, &entry(at, writer)).await
                    };
                    world.write(note).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    for sealer in sealers {
        sealer.await.unwrap();
    }
    while world
        .write(|tx, scope| async move { journal::seal(&tx, &scope, 1_000).await })
        .await
        .unwrap()
        > 0
    {}

    let all = i64::try_from(WRITERS).unwrap() * CHANGES;
    let Verified::Intact(head) = journal::verify(&world.store, &world.scope).await.unwrap() else {
        panic!("the chain is broken");
    };
    assert_eq!(head.seq, all);
    let scope = world.scope;
    let counted = world.store.snapshot(move |db| async move {
        let (kept, counted) = (usage::load(&db, &scope).await?, usage::recount(&db, &scope).await?);
        Ok::<_, StoreError>((kept, counted, recount::wrong_counters(&db, &scope).await?))
    });
    let (kept, counted, wrong) = counted.await.unwrap();
    assert_eq!((kept, wrong), (counted, 0));
    assert_eq!(kept.documents, all);
    let after = changes::number(&world.store, &world.scope, binder).await.unwrap();
    assert_eq!(after - before, all);
    // And nothing is left to fold but what came after the last entry.
    let parts = number(&world, "select count(*) from usage where org = $1").await;
    assert!(parts < 2 * i64::try_from(WRITERS).unwrap(), "{parts} parts");
    let times = "select count(*) - count(distinct newest) from document where org = $1";
    assert_eq!(number(&world, times).await, 0, "two documents have the same time");
}
