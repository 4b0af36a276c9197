//! The journal and its chain.

use bindery_domain::Timestamp;
use bindery_store::journal::{self, Entry, Verified};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    times_rise_whatever_the_clock_does,
    entries_are_numbered_and_read_in_order,
    entries_of_one_object_are_found,
    changed_entry_is_detected,
    missing_entry_is_detected,
    journal_cut_short_is_detected,
    chain_of_another_organization_does_not_fit,
    unsealed_entries_are_read_once_they_are_sealed,
);

fn entry(n: i64) -> Entry {
    Entry {
        at: Timestamp(n),
        actor: "erp".to_owned(),
        verb: "document.create".to_owned(),
        object_kind: "document".to_owned(),
        object: format!("document-{}", n % 2),
        before: None,
        after: Some(format!(r#"{{"name":"{n}.pdf"}}"#)),
    }
}

async fn with_entries(database: TestDatabase, count: i64) -> World {
    let world = World::on(database).await;
    world
        .write(move |tx, scope| async move {
            for n in 1..=count {
                journal::append(&tx, &scope, &entry(n)).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    seal(&world).await;
    world
}

/// Seals what was not sealed by its own transaction.
async fn seal(world: &World) {
    world.write(|tx, scope| async move { journal::seal(&tx, &scope, 100).await }).await.unwrap();
}

async fn verify(world: &World) -> Verified {
    journal::verify(&world.store, &world.scope).await.unwrap()
}

async fn broken_at(world: &World) -> i64 {
    match verify(world).await {
        Verified::Broken { seq, .. } => seq,
        Verified::Intact(head) => panic!("intact: {head:?}"),
    }
}

async fn seqs(world: &World) -> Vec<i64> {
    let rows = journal::read(&world.store, &world.scope, 0, None, 100).await.unwrap();
    rows.into_iter().map(|row| row.seq).collect()
}

async fn times_rise_whatever_the_clock_does(database: TestDatabase) {
    let world = World::on(database).await;
    let times = world
        .write(|tx, scope| async move {
            let mut times = Vec::new();
            for clock in [1_000, 1_000, 500, 2_000, -7] {
                times.push(journal::now(&tx, &scope, Timestamp(clock)).await?.0);
            }
            let late = Entry { at: Timestamp(9_000), ..entry(1) };
            journal::append_bulk(&tx, &scope, &[late]).await?;
            times.push(journal::now(&tx, &scope, Timestamp(3_000)).await?.0);
            Ok(times)
        })
        .await
        .unwrap();
    assert_eq!(times, [1_000, 1_001, 1_002, 2_000, 2_001, 9_001]);
}

async fn entries_are_numbered_and_read_in_order(database: TestDatabase) {
    let world = with_entries(database, 5).await;
    let rows = journal::read(&world.store, &world.scope, 2, None, 2).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(rows[0].entry, entry(3));
    let Verified::Intact(head) = verify(&world).await else { panic!("broken") };
    assert_eq!(head.seq, 5);
    assert_eq!(journal::head(&world.store, &world.scope).await.unwrap(), head);
}

async fn entries_of_one_object_are_found(database: TestDatabase) {
    let world = with_entries(database, 5).await;
    let (db, scope) = (&world.store, &world.scope);
    let rows = journal::read(db, scope, 1, Some("document-1"), 9).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [3, 5]);
}

async fn changed_entry_is_detected(database: TestDatabase) {
    let world = with_entries(database, 5).await;
    world.tamper("update journal set actor = 'someone' where seq = 3").await;
    assert_eq!(broken_at(&world).await, 3);
}

async fn missing_entry_is_detected(database: TestDatabase) {
    let world = with_entries(database, 5).await;
    world.tamper("delete from journal where seq = 2").await;
    assert_eq!(broken_at(&world).await, 2);
}

async fn journal_cut_short_is_detected(database: TestDatabase) {
    let world = with_entries(database, 5).await;
    world.tamper("delete from journal where seq >= 4").await;
    assert_eq!(broken_at(&world).await, 4);
    world
        .tamper(
            "update journal_head set seq = 3, hash = (select hash from journal where seq = 2) \
             where seq = 5",
        )
        .await;
    assert_eq!(broken_at(&world).await, 3);
}

async fn chain_of_another_organization_does_not_fit(database: TestDatabase) {
    let world = with_entries(database, 1).await;
    let other = world.other_organization().await;
    let (from, to) = (world.scope.owner().0, other.owner().0);
    assert_eq!((from, to), (1, 2));
    world.tamper("delete from journal_head where org = 2").await;
    world.tamper("update journal_head set org = 2 where org = 1").await;
    world.tamper("update journal set org = 2 where org = 1").await;
    let verified = journal::verify(&world.store, &other).await.unwrap();
    assert!(matches!(verified, Verified::Broken { seq: 1, .. }), "{verified:?}");
}

async fn unsealed_entries_are_read_once_they_are_sealed(database: TestDatabase) {
    let world = with_entries(database, 2).await;
    let append = |tx, scope| async move {
        for n in 3..=5 {
            journal::append_unsealed(&tx, &scope, &entry(n)).await?;
        }
        Ok(())
    };
    world.write(append).await.unwrap();
    assert_eq!(seqs(&world).await, [1, 2]);
    let seal = |tx, scope| async move { journal::seal(&tx, &scope, 2).await };
    let mut sealed = Vec::new();
    for _ in 0..3 {
        sealed.push(world.write(seal).await.unwrap());
    }
    assert_eq!(sealed, [2, 1, 0]);
    assert_eq!(seqs(&world).await, [1, 2, 3, 4, 5]);
    assert!(matches!(verify(&world).await, Verified::Intact(head) if head.seq == 5));
    assert_eq!(journal::head(&world.store, &world.scope).await.unwrap().at, Timestamp(5));
}
