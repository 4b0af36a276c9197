mod pictures;

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use bindery_blobs::{BlobKey, BlockId, Expected, UploadKey};
use bindery_domain::{BlobId, UploadId};
use bindery_store::uploads::UploadState;
use bindery_store::{blobs, uploads};

use super::GRACE_SECS;
use super::removal::Removal;
use super::sweep_blobs::sweep_blobs;
use super::sweep_orphans::sweep_orphans;
use super::sweep_uploads::{reopen_interrupted, sweep_uploads};
use crate::transfer::tests::World;
use rustix::fs::{FlockOperation, flock};

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
        let path = world.folder().join("blobs").join(found.path);
        File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
    }
}

fn removal(world: &World) -> Removal {
    Removal::begin(&lock_file(world)).unwrap().unwrap()
}

fn lock_file(world: &World) -> PathBuf {
    world.folder().join("backup.lock")
}

#[tokio::test]
async fn expired_uploads_go_with_their_bytes_and_blocks() {
    let world = World::new().await;
    let (received, url) = world.presign().await;
    assert_eq!(world.put(&url, "bytes").await.status(), 201);
    let (in_blocks, _) = world.presign().await;
    put_block(&world, in_blocks).await;
    assert_eq!(
        (sweep_uploads(&world.transfer, &removal(&world)).await.unwrap(), world.files().await),
        (0, 2)
    );
    world.transfer.clock.advance_secs(3_600);
    assert_eq!(
        (sweep_uploads(&world.transfer, &removal(&world)).await.unwrap(), world.files().await),
        (2, 0)
    );
    for id in [received, in_blocks] {
        assert!(uploads::find(&world.transfer.store, &world.scope, id).await.unwrap().is_none());
    }
}

#[test]
fn nothing_may_be_removed_while_a_backup_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.lock");
    let backup = File::create(&file).unwrap();
    flock(&backup, FlockOperation::LockShared).unwrap();
    assert!(Removal::begin(&file).unwrap().is_none());
    drop(backup);
    let removal = Removal::begin(&file).unwrap().unwrap();
    let backup = File::create(&file).unwrap();
    assert!(flock(&backup, FlockOperation::NonBlockingLockShared).is_err());
    drop(removal);
}

#[tokio::test]
async fn dead_blobs_stay_for_an_hour() {
    let world = World::new().await;
    world.version("plan.pdf", b"bytes").await;
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world)).await.unwrap(), world.files().await),
        (0, 1)
    );
    kill_blobs(&world).await;
    world.transfer.clock.advance_secs(GRACE_SECS - 1);
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world)).await.unwrap(), world.files().await),
        (0, 1)
    );
    world.transfer.clock.advance_secs(1);
    assert_eq!(
        (sweep_blobs(&world.transfer, &removal(&world)).await.unwrap(), world.files().await),
        (1, 0)
    );
}

#[tokio::test]
async fn orphans_go_once_they_are_old_and_what_is_needed_stays() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    assert_eq!(world.put(&url, "waits for its commit").await.status(), 201);
    world.version("plan.pdf", b"needed").await;
    let (open, _) = world.presign().await;
    put_block(&world, open).await;
    let foreign = world.folder().join("blobs/blobs/note.txt");
    fs::write(&foreign, "someone's").unwrap();
    let kept = world.files().await;
    store(&world, BlobId::random()).await;
    put_block(&world, UploadId::random()).await;
    let key = BlobKey { organization: world.organization, blob: BlobId::random() };
    std::mem::forget(world.transfer.blobs.begin(key, ANY).await.unwrap());
    assert_eq!(sweep_orphans(&world.transfer).await.unwrap(), 0, "they are young");
    age_files(&world).await;
    assert_eq!(sweep_orphans(&world.transfer).await.unwrap(), 3);
    assert_eq!(world.files().await, kept);
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
