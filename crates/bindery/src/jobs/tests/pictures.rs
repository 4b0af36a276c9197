//! Pictures go with their blob, and never before.

use bindery_blobs::BlobKey;
use bindery_domain::BlobId;
use bindery_store::derived::{self, DerivedRow};
use bindery_store::jobs::{self as queue, Priority};
use bindery_store::{blobs, previews};

use super::{
    GRACE_SECS, age_files, kill_blobs, on_both_storages, removal, sweep_blobs, sweep_orphans,
};
use crate::previews::{KIND, Part};
use crate::transfer::tests::World;

on_both_storages!(
    pictures_go_with_their_blob_and_never_before,
    a_picture_is_no_orphan_until_its_row_is_gone,
);

/// Stores a picture of the only blob, as a worker does.
async fn with_picture(world: &World) -> i64 {
    let (scope, store) = (world.scope, &world.transfer.store);
    let blob_key = blobs::list(store, &scope, None, 9).await.unwrap().rows[0].key;
    let id = BlobId::random();
    let key = BlobKey { organization: world.organization, blob: id };
    let mut writer = world.transfer.blobs.begin(key, super::ANY).await.unwrap();
    writer.write(b"a picture").await.unwrap();
    let stored = writer.finish().await.unwrap();
    let now = world.transfer.clock.now();
    let write = move |tx| async move {
        let picture = DerivedRow {
            blob_key,
            place: "thumbnail".to_owned(),
            id,
            media_type: "image/png".to_owned(),
            width: 1,
            height: 1,
            size: 9,
            sha256: stored.sha256,
            renderer: 1,
            created: now,
        };
        derived::save(&tx, &scope, &picture).await?;
        Part::Page(1).enqueue(&tx, &scope, blob_key, (Priority::Asked, now)).await
    };
    store.write::<_, _, _, bindery_store::StoreError>(write).await.unwrap();
    blob_key
}

async fn pictures_go_with_their_blob_and_never_before(world: World) {
    world.version("plan.pdf", b"bytes").await;
    with_picture(&world).await;
    let sweep = async || sweep_blobs(&world.transfer, &removal(&world).await).await.unwrap();
    kill_blobs(&world).await;
    world.transfer.clock.advance_secs(GRACE_SECS - 1);
    assert_eq!((sweep().await, world.files().await), (0, 2));
    world.transfer.clock.advance_secs(1);
    assert_eq!((sweep().await, world.files().await), (2, 0));
    let (scope, store) = (world.scope, &world.transfer.store);
    assert_eq!(derived::total(store, &scope).await.unwrap().count, 0);
    assert_eq!(queue::backlog_of(store, &scope, KIND).await.unwrap().jobs, 0);
}

async fn a_picture_is_no_orphan_until_its_row_is_gone(world: World) {
    world.version("plan.pdf", b"bytes").await;
    let blob_key = with_picture(&world).await;
    age_files(&world).await;
    assert_eq!((sweep_orphans(&world.transfer).await.unwrap(), world.files().await), (0, 2));
    let scope = world.scope;
    let forget = move |tx| async move {
        previews::forget(&tx, &scope, blob_key).await?;
        derived::remove_of_blob(&tx, &scope, blob_key).await
    };
    world.transfer.store.write::<_, _, _, bindery_store::StoreError>(forget).await.unwrap();
    assert_eq!((sweep_orphans(&world.transfer).await.unwrap(), world.files().await), (1, 1));
}
