use bindery_blobs::{BlobError, Blobs, BlockId, Expected, UploadKey};
use bindery_domain::{OrganizationId, UploadId};
use proptest::prelude::*;

use crate::{key, load, pattern, sha256, storage};

fn upload() -> UploadKey {
    UploadKey { organization: OrganizationId::random(), upload: UploadId::random() }
}

fn id(text: &str) -> BlockId {
    BlockId::new(text.as_bytes()).unwrap()
}

async fn put(
    blobs: &Blobs,
    upload: UploadKey,
    id: BlockId,
    bytes: &[u8],
    limit: u64,
) -> Result<(), BlobError> {
    let mut block = blobs.begin_block(upload, id, Expected { limit, md5: None }).await?;
    block.write(bytes).await?;
    block.finish().await
}

#[tokio::test]
async fn blocks_are_put_together_in_the_lists_order() {
    let (_dir, blobs) = storage();
    let (upload, blob) = (upload(), key());
    let bytes = pattern(3_000_000);
    let ids = [id("one"), id("two"), id("three")];
    for (id, part) in ids.iter().zip(bytes.chunks(1_000_000)).rev() {
        put(&blobs, upload, id.clone(), part, u64::MAX).await.unwrap();
    }
    let stored = blobs.assemble(upload, &ids, u64::MAX, blob).await.unwrap();
    assert_eq!((stored.size, stored.sha256), (3_000_000, sha256(&bytes)));
    assert!(load(&blobs, blob).await == bytes);
}

#[tokio::test]
async fn a_block_put_again_replaces_the_first_and_counts_once() {
    let (_dir, blobs) = storage();
    let (upload, blob) = (upload(), key());
    for text in ["first", "other"] {
        put(&blobs, upload, id("a"), text.as_bytes(), 5).await.unwrap();
    }
    blobs.assemble(upload, &[id("a")], 5, blob).await.unwrap();
    assert_eq!(load(&blobs, blob).await, b"other");
}

#[tokio::test]
async fn an_unknown_block_is_refused_and_nothing_is_lost() {
    let (_dir, blobs) = storage();
    let (upload, blob) = (upload(), key());
    put(&blobs, upload, id("a"), b"bytes", u64::MAX).await.unwrap();
    let answer = blobs.assemble(upload, &[id("a"), id("b")], u64::MAX, blob).await;
    assert!(matches!(answer, Err(BlobError::UnknownBlock)));
    let other = UploadKey { upload: UploadId::random(), ..upload };
    assert!(matches!(
        blobs.assemble(other, &[id("a")], u64::MAX, blob).await,
        Err(BlobError::UnknownBlock)
    ));
    assert!(blobs.assemble(upload, &[id("a")], u64::MAX, blob).await.is_ok());
}

#[tokio::test]
async fn all_blocks_together_stay_under_the_limit() {
    let (_dir, blobs) = storage();
    let upload = upload();
    put(&blobs, upload, id("a"), &[0; 60], 100).await.unwrap();
    assert!(matches!(
        put(&blobs, upload, id("b"), &[0; 41], 100).await,
        Err(BlobError::TooLarge { limit: 100 })
    ));
    put(&blobs, upload, id("b"), &[0; 40], 100).await.unwrap();
    // A list may name a block twice, but not beyond the limit.
    let twice = [id("a"), id("a")];
    assert!(matches!(
        blobs.assemble(upload, &twice, 100, key()).await,
        Err(BlobError::TooLarge { .. })
    ));
}

#[tokio::test]
async fn blocks_survive_a_restart_of_the_server_but_not_of_the_machine() {
    let (dir, blobs) = storage();
    let (upload, blob) = (upload(), key());
    put(&blobs, upload, id("a"), &[7; 60], 100).await.unwrap();
    drop(blobs);
    let root = dir.path().join("files");
    let blobs = Blobs::open(&root).unwrap();
    assert!(matches!(
        put(&blobs, upload, id("b"), &[0; 41], 100).await,
        Err(BlobError::TooLarge { .. })
    ));
    assert_eq!(blobs.assemble(upload, &[id("a")], 100, blob).await.unwrap().size, 60);
    drop(blobs);
    std::fs::write(root.join("blocks/boot"), "another start").unwrap();
    let blobs = Blobs::open(&root).unwrap();
    assert!(matches!(
        blobs.assemble(upload, &[id("a")], 100, key()).await,
        Err(BlobError::UnknownBlock)
    ));
}

#[tokio::test]
async fn a_block_that_ends_after_its_upload_is_refused() {
    let (_dir, blobs) = storage();
    let upload = upload();
    let late = blobs.begin_block(upload, id("a"), crate::any()).await.unwrap();
    blobs.remove_blocks(upload).await.unwrap();
    assert!(matches!(late.finish().await, Err(BlobError::Ended)));
    assert_eq!(blobs.list().unwrap().count(), 0);
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
            let (_dir, blobs) = storage();
            let (upload, blob) = (upload(), key());
            let mut blocks: Vec<(BlockId, Vec<u8>)> = Vec::new();
            for (n, (name, len)) in parts.into_iter().enumerate() {
                let id = BlockId::new(&name).unwrap();
                blocks.retain(|(other, _)| *other != id);
                blocks.push((id, pattern(len + n)));
            }
            let first = put_order.index(blocks.len());
            for (id, bytes) in blocks[first..].iter().chain(&blocks[..first]) {
                put(&blobs, upload, id.clone(), bytes, u64::MAX).await.unwrap();
            }
            let chosen: Vec<_> = list.iter().map(|index| &blocks[index.index(blocks.len())]).collect();
            let ids: Vec<_> = chosen.iter().map(|(id, _)| id.clone()).collect();
            let expected = chosen.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect::<Vec<u8>>();
            let stored = blobs.assemble(upload, &ids, u64::MAX, blob).await.unwrap();
            assert_eq!(stored.sha256, sha256(&expected));
            assert!(load(&blobs, blob).await == expected);
        });
    }
}
