//! What is true of files alone: restarts of the machine, open files, rights, blocks in any order by the thousand.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use bindery_blobs::{BlobError, Blobs, BlockId, FoundKind};
use futures_util::TryStreamExt;
use proptest::prelude::*;

use crate::blocks::{id, put, upload};
use crate::storage::Storage;
use crate::{any as no_limit, key, load, pattern, sha256, store};

#[tokio::test]
async fn an_open_file_is_read_to_its_end_although_it_is_removed() {
    let storage = Storage::files();
    let (blobs, key, bytes) = (&storage.blobs, key(), pattern(1_200_000));
    store(blobs, key, &bytes).await.unwrap();
    let reader = blobs.open_read(key).await.unwrap();
    blobs.remove(key).await.unwrap();
    let size = reader.size();
    let pieces: Vec<_> = reader.stream(0..size).try_collect().await.unwrap();
    assert!(pieces.concat() == bytes);
}

#[tokio::test]
async fn a_file_that_shrank_ends_the_stream_with_an_error() {
    let storage = Storage::files();
    let key = key();
    store(&storage.blobs, key, &pattern(600_000)).await.unwrap();
    let reader = storage.blobs.open_read(key).await.unwrap();
    let found = storage.blobs.list().next().await.unwrap().unwrap();
    fs::write(storage.root().join(found.path), b"short").unwrap();
    assert!(reader.stream(0..600_000).try_collect::<Vec<_>>().await.is_err());
}

#[tokio::test]
async fn only_the_servers_user_can_read_files_and_folders() {
    let storage = Storage::files();
    store(&storage.blobs, key(), b"private").await.unwrap();
    let found = storage.blobs.list().next().await.unwrap().unwrap();
    for path in found.path.ancestors() {
        let mode = fs::metadata(storage.root().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_says_so() {
    let storage = Storage::files();
    fs::remove_dir_all(storage.root()).unwrap();
    assert!(storage.blobs.probe().await.is_err());
    assert!(Blobs::open(&storage.root().join("no/such/folder")).is_err());
}

#[tokio::test]
async fn what_a_crash_leaves_is_listed_for_what_it_is() {
    let storage = Storage::files();
    let root = storage.root();
    let (blob, upload) = (key(), upload());
    store(&storage.blobs, blob, b"bytes").await.unwrap();
    put(&storage.blobs, upload, id("a"), b"", 100).await.unwrap();
    // A killed process runs no destructors.
    std::mem::forget(storage.blobs.begin(key(), no_limit()).await.unwrap());
    fs::write(root.join("blobs/note.txt"), "someone's").unwrap();
    fs::write(root.join("beside.db"), "not the storage's").unwrap();

    let blobs = Blobs::open(&root).unwrap();
    let found = blobs.list().all().await.unwrap();
    let mut found: Vec<_> = found.into_iter().map(|found| found.kind).collect();
    found.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(
        found,
        [FoundKind::Blob(blob), FoundKind::Block(upload), FoundKind::Foreign, FoundKind::Incoming]
    );
}

#[tokio::test]
async fn blocks_survive_a_restart_of_the_server_but_not_of_the_machine() {
    let storage = Storage::files();
    let (root, upload, blob) = (storage.root(), upload(), key());
    put(&storage.blobs, upload, id("a"), &[7; 60], 100).await.unwrap();
    let blobs = Blobs::open(&root).unwrap();
    let answer = put(&blobs, upload, id("b"), &[0; 41], 100).await;
    assert!(matches!(answer, Err(BlobError::TooLarge { .. })));
    assert_eq!(blobs.assemble(upload, &[id("a")], 100, blob).await.unwrap().size, 60);
    drop(blobs);
    fs::write(root.join("blocks/boot"), "another start").unwrap();
    let blobs = Blobs::open(&root).unwrap();
    let answer = blobs.assemble(upload, &[id("a")], 100, key()).await;
    assert!(matches!(answer, Err(BlobError::UnknownBlock)));
}

#[test]
fn a_block_id_has_1_to_64_bytes() {
    assert!(BlockId::new(&[]).is_none());
    assert!(BlockId::new(&[0; 64]).is_some());
    assert!(BlockId::new(&[0; 65]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever the order of putting and of the list, the blob is the list's blocks one after the other.
    #[test]
    fn the_order_of_the_list_alone_decides(
        parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..64), 0_usize..1_400_000), 1..6),
        put_order in any::<prop::sample::Index>(),
        list in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let storage = Storage::files();
            let (blobs, upload, blob) = (&storage.blobs, upload(), key());
            let mut blocks: Vec<(BlockId, Vec<u8>)> = Vec::new();
            for (n, (name, len)) in parts.into_iter().enumerate() {
                let id = BlockId::new(&name).unwrap();
                blocks.retain(|(other, _)| *other != id);
                blocks.push((id, pattern(len + n)));
            }
            let first = put_order.index(blocks.len());
            for (id, bytes) in blocks[first..].iter().chain(&blocks[..first]) {
                put(blobs, upload, id.clone(), bytes, u64::MAX).await.unwrap();
            }
            let chosen: Vec<_> = list.iter().map(|index| &blocks[index.index(blocks.len())]).collect();
            let ids: Vec<_> = chosen.iter().map(|(id, _)| id.clone()).collect();
            let expected = chosen.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect::<Vec<u8>>();
            let stored = blobs.assemble(upload, &ids, u64::MAX, blob).await.unwrap();
            assert_eq!(stored.sha256, sha256(&expected));
            assert!(load(blobs, blob).await == expected);
        });
    }
}
