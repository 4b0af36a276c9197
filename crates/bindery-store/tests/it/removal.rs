//! The right to remove rows with their bytes, and turns at what one server of many does.

use std::time::Duration;

use bindery_domain::Timestamp;
use bindery_store::{Store, StoreError, Tx, journal, server_values};

use crate::database::TestDatabase;
use crate::on_both_engines;
use crate::world::World;

on_both_engines!(
    nothing_may_be_removed_while_a_backup_runs_wherever_it_runs,
    changes_go_on_while_a_backup_runs,
    one_removes_at_a_time_and_the_right_comes_back,
    a_turn_is_taken_once_until_it_is_over,
);

async fn nothing_may_be_removed_while_a_backup_runs_wherever_it_runs(database: TestDatabase) {
    let (here, there) = (&database.store, database.second().await);
    let backups = [here.withhold_removal().await.unwrap(), there.withhold_removal().await.unwrap()];
    for backup in backups {
        for store in [here, &there] {
            assert!(store.begin_removal().await.unwrap().is_none());
        }
        drop(backup);
    }
    // A server may need a moment to see that the other end is gone.
    let removal = until_free(here).await;
    // And no backup begins while somebody removes.
    let begins = there.withhold_removal();
    tokio::pin!(begins);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut begins).await.is_err());
    removal.end().await;
    let backup = begins.await.unwrap();
    assert!(here.begin_removal().await.unwrap().is_none());
    drop(backup);
}

async fn changes_go_on_while_a_backup_runs(database: TestDatabase) {
    let world = World::on(database).await;
    let backup = world.store.withhold_removal().await.unwrap();
    // On PostgreSQL the times of changes are given out under a lock of the server, too.
    let (scope, clock) = (world.scope, world.tick());
    let change = move |tx: Tx| async move { journal::now(&tx, &scope, clock).await };
    let changed = world.store.write::<_, _, _, StoreError>(change);
    tokio::time::timeout(Duration::from_secs(60), changed).await.expect("a change waits").unwrap();
    drop(backup);
}

async fn one_removes_at_a_time_and_the_right_comes_back(database: TestDatabase) {
    let (here, there) = (&database.store, database.second().await);
    // More often than there are connections.
    for _ in 0..40 {
        let removal = here.begin_removal().await.unwrap().unwrap();
        assert!(there.begin_removal().await.unwrap().is_none());
        removal.end().await;
    }
    // A task that was dropped in the middle gives it back, too.
    drop(here.begin_removal().await.unwrap().unwrap());
    until_free(&there).await.end().await;
}

async fn until_free(store: &Store) -> bindery_store::Removal {
    loop {
        if let Some(removal) = store.begin_removal().await.unwrap() {
            return removal;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn a_turn_is_taken_once_until_it_is_over(database: TestDatabase) {
    let second = database.second().await;
    let take = async |store: &Store, now: i64| {
        let (now, until) = (Timestamp(now), Timestamp(now + 1_000));
        let take =
            move |tx: Tx| async move { server_values::take_turn(&tx, "a_turn", now, until).await };
        store.write::<_, _, _, StoreError>(take).await.unwrap()
    };
    let (one, other) = tokio::join!(take(&database.store, 5_000), take(&second, 5_000));
    assert!(one != other, "{one} {other}");
    assert!(!take(&second, 5_999).await);
    assert!(take(&second, 6_000).await);
    assert!(!take(&database.store, 6_500).await);
}
