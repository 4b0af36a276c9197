mod pictures;

/// Emits a test for files and for S3 of each of the functions named.
macro_rules! on_both_storages {
    ($($name:ident),* $(,)?) => {
        mod files {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::transfer::tests::World::new().await).await;
            })*
        }

        mod s3 {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::transfer::tests::World::in_s3().await).await;
            })*
        }
    };
}
use on_both_storages;

on_both_storages!(
    expired_uploads_go_with_their_bytes_and_blocks,
    dead_blobs_stay_for_an_hour,
    orphans_go_once_they_are_old_and_what_is_needed_stays,
    one_server_looks_for_orphans_once_a_day,
);

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use bindery_blobs::{BlobKey, BlockId, Expected, FoundKind, UploadKey};
use bindery_domain::{BlobId, UploadId};
use bindery_store::uploads::UploadState;
use bindery_store::{Removal, blobs, uploads};

use super::GRACE_SECS;
use super::sweep_blobs::sweep_blobs;
use super::sweep_orphans::{sweep_in_turn, sweep_orphans};
use super::sweep_uploads::{reopen_interrupted, sweep_uploads};
use crate::transfer::tests::World;

const ANY: Expected = Expected { limit: u64::MAX, md5: None };

async fn store(world: &World, blob: BlobId) {
    let key = BlobKey { organization: world.organization, blob };
    world.transfer.blobs.begin(key, ANY).await.unwrap().finish().await.unwrap();
}

async fn put_block(world: &World, upload: UploadId) {
    let key = UploadKey { organization: world.organization, upload };
    let block =
        world.transfer.blobs.begin_block(key, BlockId::new(b"a").unwrap(), ANY).await.unwrap();
    block.finish().await.unwrap();
}

/// Makes all files look as if they had been written long ago.
async fn age_files(world: &World) {
    let then = SystemTime::now() - Duration::from_secs(GRACE_SECS.unsigned_abs() + 60);
    for found in world.transfer.blobs.list().all().await.unwrap() {
        let path = world.stored().join(found.path);
        File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
    }
}

async fn removal(world: &World) -> Removal {
    world.transfer.store.begin_removal().await.unwrap().unwrap()
}

async fn expired_uploads_go_with_their_bytes_and_blocks(world: World) {
    let (received, url) = world.presign().await;
    assert_eq!(world.put(&url, "bytes").await.status(), 201);
    let (in_blocks, _) = world.presign().await;
    put_block(&world, in_blocks).await;
    assert_eq!(
        (
            sweep_uploads(&world.transfer, &removal(&world).await).await.unwrap(),
            world.files().await
        ),
        (0, 2)
    );
    world.transfer.clock.advance_secs(3_600);
    assert_eq!(
        (
            sweep_uploads(&world.transfer, &removal(&world).await).await.unwrap(),
            world.files().await
        ),
        (2, 0)
    );
    for id in [received, in_blocks] {
        assert!(uploads::find(&world.transfer.store, &world.scope, id).await.unwrap().is_none());
    }
}

async fn dead_blobs_stay_for_an_hour(world: World) {
    world.version("plan.pdf", b"bytes").await;
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world).await).await.unwrap(), world.files().await),
        (0, 1)
    );
    kill_blobs(&world).await;
    world.transfer.clock.advance_secs(GRACE_SECS - 1);
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world).await).await.unwrap(), world.files().await),
        (0, 1)
    );
    world.transfer.clock.advance_secs(1);
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world).await).await.unwrap(), world.files().await),
        (1, 0)
    );
}

async fn orphans_go_once_they_are_old_and_what_is_needed_stays(world: World) {
    let (_, url) = world.presign().await;
    assert_eq!(world.put(&url, "waits for its commit").await.status(), 201);
    world.version("plan.pdf", b"needed").await;
    let (open, _) = world.presign().await;
    put_block(&world, open).await;
    // Beside a blob, so that there is a folder.
    let blobs = world.transfer.blobs.list().all().await.unwrap();
    let blob = blobs.iter().find(|found| matches!(found.kind, FoundKind::Blob(_))).unwrap();
    let foreign = world.stored().join(&blob.path).with_file_name("note.txt");
    fs::write(&foreign, "someone's").unwrap();
    let kept = world.files().await;
    store(&world, BlobId::random()).await;
    put_block(&world, UploadId::random()).await;
    // What a crash leaves of a file in the middle of its bytes; in S3 a small one has left nothing by then.
    let key = BlobKey { organization: world.organization, blob: BlobId::random() };
    std::mem::forget(world.transfer.blobs.begin(key, ANY).await.unwrap());
    let orphans = world.files().await - kept;
    assert!(orphans >= 2);
    assert_eq!(sweep_orphans(&world.transfer).await.unwrap(), 0, "they are young");
    age_files(&world).await;
    assert_eq!(sweep_orphans(&world.transfer).await.unwrap(), orphans);
    assert_eq!(world.files().await, kept);
    assert!(foreign.exists());
}

async fn one_server_looks_for_orphans_once_a_day(world: World) {
    let orphan = async || {
        store(&world, BlobId::random()).await;
        age_files(&world).await;
    };
    orphan().await;
    assert_eq!(sweep_in_turn(&world.transfer).await.unwrap(), 1);
    // Another server that asks on the same day, or this one after a restart.
    orphan().await;
    world.transfer.clock.advance_secs(24 * 3_600 - 1);
    assert_eq!((sweep_in_turn(&world.transfer).await.unwrap(), world.files().await), (0, 1));
    world.transfer.clock.advance_secs(1);
    assert_eq!((sweep_in_turn(&world.transfer).await.unwrap(), world.files().await), (1, 0));
}

#[tokio::test]
async fn an_upload_whose_put_died_with_the_server_is_open_again() {
    let world = World::new().await;
    let (dead, url) = world.presign().await;
    let lease =
        |secs| uploads::Lease { token: [1; 16], until: world.transfer.clock.now().plus_secs(secs) };
    let (scope, now, lease) = (world.scope, world.transfer.clock.now(), lease(50));
    let begin =
        move |tx| async move { uploads::begin_receiving(&tx, &scope, dead, now, lease).await };
    world.transfer.store.write(begin).await.unwrap();
    assert_eq!(reopen_interrupted(&world.transfer).await.unwrap(), 1);
    assert_eq!(world.upload(dead).await.state, UploadState::Open);
    assert_eq!(world.put(&url, "bytes").await.status(), 201);
}

async fn kill_blobs(world: &World) {
    let (scope, now) = (world.scope, world.transfer.clock.now());
    let kill = move |tx: bindery_store::Tx| async move {
        for blob in blobs::list(&tx, &scope, None, 100).await?.rows {
            use bindery_store::{Query, params};
            // As if its document had been purged.
            tx.query(
                "delete from version where org = $1 and blob = $2",
                params![scope.owner(), blob.key],
            )
            .await?;
            blobs::mark_dead_if_unneeded(&tx, &scope, blob.key, now).await?;
        }
        Ok::<_, bindery_store::StoreError>(())
    };
    world.transfer.store.write(kill).await.unwrap();
}
