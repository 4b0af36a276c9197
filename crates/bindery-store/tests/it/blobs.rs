//! Stored bytes.

use bindery_domain::{BlobId, Timestamp};
use bindery_store::blobs::{self, NewBlob};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    equal_bytes_are_joined_within_the_organization_only,
    needed_blob_does_not_die,
    dead_blob_is_never_joined_and_goes_when_it_is_time,
    list_has_every_blob_once,
);

async fn insert(world: &World, byte: u8) -> i64 {
    let insert = move |tx, scope| async move {
        let (id, size) = (BlobId::random(), i64::from(byte));
        let new = NewBlob { id, size, sha256: [byte; 32], created: Timestamp(1) };
        blobs::insert(&tx, &scope, &new).await
    };
    world.write(insert).await.unwrap()
}

async fn equal(world: &World, byte: u8, size: i64) -> Option<i64> {
    let find =
        move |tx, scope| async move { blobs::find_equal(&tx, &scope, &[byte; 32], size).await };
    world.write(find).await.unwrap().map(|blob| blob.key)
}

async fn kill(world: &World, key: i64, at: i64) -> Option<i64> {
    let kill = move |tx, scope| async move {
        blobs::mark_dead_if_unneeded(&tx, &scope, key, Timestamp(at)).await
    };
    world.write(kill).await.unwrap()
}

async fn equal_bytes_are_joined_within_the_organization_only(database: TestDatabase) {
    let world = World::on(database).await;
    let key = insert(&world, 7).await;
    assert_eq!(equal(&world, 7, 7).await, Some(key));
    assert_eq!(equal(&world, 7, 8).await, None);
    assert_eq!(equal(&world, 8, 8).await, None);
    let other = world.other_organization().await;
    let found = world
        .write(move |tx, _| async move { blobs::find_equal(&tx, &other, &[7; 32], 7).await })
        .await;
    assert_eq!(found.unwrap(), None);
}

async fn needed_blob_does_not_die(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let made = world.commit(&tab, "a.pdf", 7).await;
    assert_eq!(kill(&world, made.blob_key, 5).await, None);
    assert_eq!(equal(&world, 7, 7).await, Some(made.blob_key));
}

async fn dead_blob_is_never_joined_and_goes_when_it_is_time(database: TestDatabase) {
    let world = World::on(database).await;
    let key = insert(&world, 7).await;
    let remove = move |tx, scope| async move { blobs::remove_dead(&tx, &scope, key).await };
    assert!(!world.write(remove).await.unwrap(), "a live blob was removed");
    assert_eq!(kill(&world, key, 100).await, Some(7));
    assert_eq!(kill(&world, key, 200).await, None, "it died twice");
    assert_eq!(equal(&world, 7, 7).await, None);
    let due = async |time| {
        let due = blobs::dead_since(&world.store, &world.scope, Timestamp(time), 9).await.unwrap();
        due.into_iter().map(|blob| blob.key).collect::<Vec<_>>()
    };
    assert!(due(99).await.is_empty());
    assert_eq!(due(100).await, [key]);
    assert!(world.write(remove).await.unwrap());
    assert!(due(100).await.is_empty());
}

async fn list_has_every_blob_once(database: TestDatabase) {
    let world = World::on(database).await;
    let mut keys = std::collections::BTreeSet::new();
    for byte in 0..5 {
        keys.insert(insert(&world, byte).await);
    }
    for limit in 1..7 {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let chunk = blobs::list(&world.store, &world.scope, after, limit).await.unwrap();
            listed.extend(chunk.rows.into_iter().map(|blob| blob.key));
            after = chunk.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed.len(), keys.len());
        assert_eq!(std::collections::BTreeSet::from_iter(listed), keys);
    }
}
