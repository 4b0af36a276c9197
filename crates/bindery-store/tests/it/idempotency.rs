//! Idempotency keys.

use bindery_domain::{ClientId, Timestamp};
use bindery_store::idempotency::{self, IdempotencyRow};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(key_is_kept_until_its_time_is_over, key_is_the_clients_own);

async fn keep(world: &World, client: &'static str, version_key: i64, now: i64) -> bool {
    let keep = move |tx, scope| async move {
        let client: ClientId = client.parse().unwrap();
        let row = IdempotencyRow { request: [1; 32], version_key };
        let times = (Timestamp(now), Timestamp(now + 100));
        idempotency::insert(&tx, &scope, (&client, "key"), &row, times).await
    };
    world.write(keep).await.unwrap()
}

async fn kept(world: &World, client: &str, now: i64) -> Option<i64> {
    let (db, client) = (&world.store, client.parse().unwrap());
    let found = idempotency::find(db, &world.scope, &client, "key", Timestamp(now)).await.unwrap();
    found.map(|row| row.version_key)
}

async fn key_is_kept_until_its_time_is_over(database: TestDatabase) {
    let world = World::on(database).await;
    assert!(keep(&world, "erp", 7, 1_000).await);
    assert!(!keep(&world, "erp", 8, 1_099).await);
    assert_eq!(kept(&world, "erp", 1_099).await, Some(7));
    assert_eq!(kept(&world, "erp", 1_100).await, None);
    assert!(keep(&world, "erp", 8, 1_100).await);
    assert_eq!(kept(&world, "erp", 1_150).await, Some(8));
    let forget =
        |tx, scope| async move { idempotency::remove_expired(&tx, &scope, Timestamp(1_200)).await };
    world.write(forget).await.unwrap();
    assert_eq!(kept(&world, "erp", 1_150).await, None);
}

async fn key_is_the_clients_own(database: TestDatabase) {
    let world = World::on(database).await;
    assert!(keep(&world, "erp", 7, 1_000).await);
    assert!(keep(&world, "crm", 8, 1_000).await);
    assert_eq!(kept(&world, "erp", 1_001).await, Some(7));
    assert_eq!(kept(&world, "crm", 1_001).await, Some(8));
    assert_eq!(kept(&world, "someone", 1_001).await, None);
}
