use bindery_blobs::{BlobError, Blobs, BlockId, Expected, UploadKey};
use bindery_domain::{OrganizationId, UploadId};

use crate::storage::Storage;
use crate::{key, load, pattern, sha256};

pub(crate) fn upload() -> UploadKey {
    UploadKey { organization: OrganizationId::random(), upload: UploadId::random() }
}

pub(crate) fn id(text: &str) -> BlockId {
    BlockId::new(text.as_bytes()).unwrap()
}

pub(crate) async fn put(
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

pub(crate) async fn blocks_are_put_together_in_the_lists_order(storage: &Storage) {
    let (blobs, upload, blob) = (&storage.blobs, upload(), key());
    // Small ones, one that is fetched piece by piece, one that itself goes in parts.
    let bytes = pattern(13_000_000);
    let ids = [id("one"), id("two"), id("three"), id("four")];
    let cuts = [0, 1_000_000, 1_000_001, 3_500_000, 13_000_000];
    for n in [3, 1, 0, 2] {
        let part = &bytes[cuts[n]..cuts[n + 1]];
        put(blobs, upload, ids[n].clone(), part, 1 << 30).await.unwrap();
    }
    let stored = blobs.assemble(upload, &ids, 1 << 30, blob).await.unwrap();
    assert_eq!((stored.size, stored.sha256), (13_000_000, sha256(&bytes)));
    assert!(load(blobs, blob).await == bytes);
}

pub(crate) async fn a_block_put_again_replaces_the_first_and_counts_once(storage: &Storage) {
    let (blobs, upload, blob) = (&storage.blobs, upload(), key());
    for text in ["first", "other"] {
        put(blobs, upload, id("a"), text.as_bytes(), 5).await.unwrap();
    }
    blobs.assemble(upload, &[id("a")], 5, blob).await.unwrap();
    assert_eq!(load(blobs, blob).await, b"other");
}

pub(crate) async fn an_unknown_block_is_refused_and_nothing_is_lost(storage: &Storage) {
    let (blobs, upload, blob) = (&storage.blobs, upload(), key());
    put(blobs, upload, id("a"), b"bytes", u64::MAX).await.unwrap();
    let answer = blobs.assemble(upload, &[id("a"), id("b")], u64::MAX, blob).await;
    assert!(matches!(answer, Err(BlobError::UnknownBlock)));
    let other = UploadKey { upload: UploadId::random(), ..upload };
    let answer = blobs.assemble(other, &[id("a")], u64::MAX, blob).await;
    assert!(matches!(answer, Err(BlobError::UnknownBlock)));
    assert!(blobs.assemble(upload, &[id("a")], u64::MAX, blob).await.is_ok());
}

pub(crate) async fn all_blocks_together_stay_under_the_limit(storage: &Storage) {
    let (blobs, upload) = (&storage.blobs, upload());
    put(blobs, upload, id("a"), &[0; 60], 100).await.unwrap();
    let answer = put(blobs, upload, id("b"), &[0; 41], 100).await;
    assert!(matches!(answer, Err(BlobError::TooLarge { limit: 100 })));
    put(blobs, upload, id("b"), &[0; 40], 100).await.unwrap();
    // A list may name a block twice, but not beyond the limit.
    let twice = [id("a"), id("a")];
    let answer = blobs.assemble(upload, &twice, 100, key()).await;
    assert!(matches!(answer, Err(BlobError::TooLarge { .. })));
}

pub(crate) async fn a_block_that_ends_after_its_upload_is_refused(storage: &Storage) {
    let upload = upload();
    let late = storage.blobs.begin_block(upload, id("a"), crate::any()).await.unwrap();
    storage.blobs.remove_blocks(upload).await.unwrap();
    assert!(matches!(late.finish().await, Err(BlobError::Ended)));
    storage.until_empty().await;
}
