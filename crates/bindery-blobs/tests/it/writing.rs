use bindery_blobs::{BlobError, BlobKey, Expected};
use futures_util::TryStreamExt;

use crate::storage::Storage;
use crate::{any, key, load, pattern, sha256, store};

const MIB: usize = 1024 * 1024;

pub(crate) async fn what_was_written_is_read_back_with_its_size_and_digest(storage: &Storage) {
    let blobs = &storage.blobs;
    for len in [0, 1, MIB, 3 * MIB + 17, 8 * MIB, 8 * MIB + 1, 25 * MIB + 3] {
        let (key, bytes) = (key(), pattern(len));
        let stored = store(blobs, key, &bytes).await.unwrap();
        assert_eq!((stored.size, stored.sha256), (len as u64, sha256(&bytes)));
        assert!(load(blobs, key).await == bytes, "{len} bytes differ");
    }
}

pub(crate) async fn a_part_is_streamed_from_its_first_byte_to_its_last(storage: &Storage) {
    let (blobs, key, bytes) = (&storage.blobs, key(), pattern(2_000_000));
    store(blobs, key, &bytes).await.unwrap();
    let reader = blobs.open_read(key).await.unwrap();
    let part: Vec<_> = reader.clone().stream(700_001..1_900_003).try_collect().await.unwrap();
    assert!(part.concat() == bytes[700_001..1_900_003]);
    assert_eq!(reader.read_at(1_999_990, 100).await.unwrap(), bytes[1_999_990..]);
    assert!(reader.clone().stream(5..5).try_collect::<Vec<_>>().await.unwrap().is_empty());
    assert!(reader.read_at(2_000_000, 100).await.unwrap().is_empty());
}

pub(crate) async fn a_dropped_writer_leaves_nothing(storage: &Storage) {
    for len in [1_500_000, 20 * MIB] {
        let mut writer = storage.blobs.begin(key(), any()).await.unwrap();
        writer.write(&pattern(len)).await.unwrap();
        drop(writer);
        storage.until_empty().await;
    }
}

pub(crate) async fn bytes_over_the_limit_are_refused_and_removed(storage: &Storage) {
    for limit in [10, 17 * MIB] {
        let expected = Expected { limit: limit as u64, md5: None };
        let mut writer = storage.blobs.begin(key(), expected).await.unwrap();
        writer.write(&vec![0; limit]).await.unwrap();
        let answer = writer.write(&[0]).await;
        assert!(matches!(answer, Err(BlobError::TooLarge { limit: said }) if said == limit as u64));
        drop(writer);
        storage.until_empty().await;
    }
}

pub(crate) async fn another_md5_than_announced_stores_nothing(storage: &Storage) {
    let md5_of_abc = 0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72_u128.to_be_bytes();
    for (bytes, fits) in [(b"abc", true), (b"abd", false)] {
        let key = key();
        let expected = Expected { limit: 10, md5: Some(md5_of_abc) };
        let mut writer = storage.blobs.begin(key, expected).await.unwrap();
        writer.write(bytes).await.unwrap();
        let answer = writer.finish().await;
        assert_eq!(matches!(answer, Err(BlobError::Md5Mismatch)), !fits);
        assert_eq!(storage.blobs.open_read(key).await.is_ok(), fits);
    }
    // In parts, whose digests are taken beside their way.
    let bytes = pattern(20 * MIB);
    for md5 in [bindery_blobs::md5(&bytes), md5_of_abc] {
        let (key, expected) = (key(), Expected { limit: 1 << 30, md5: Some(md5) });
        let mut writer = storage.blobs.begin(key, expected).await.unwrap();
        writer.write(&bytes).await.unwrap();
        let fits = md5 != md5_of_abc;
        assert_eq!(writer.finish().await.is_ok(), fits);
        assert_eq!(storage.blobs.open_read(key).await.is_ok(), fits);
    }
}

pub(crate) async fn a_removed_blob_is_missing(storage: &Storage) {
    let (blobs, key) = (&storage.blobs, key());
    store(blobs, key, b"bytes").await.unwrap();
    blobs.remove(key).await.unwrap();
    blobs.remove(key).await.unwrap();
    assert!(
        matches!(blobs.open_read(key).await, Err(BlobError::Missing(missing)) if missing == key)
    );
}

pub(crate) async fn one_organization_cannot_read_anothers_blob_by_its_id(storage: &Storage) {
    let mine = key();
    store(&storage.blobs, mine, b"mine").await.unwrap();
    let theirs = BlobKey { organization: key().organization, ..mine };
    assert!(storage.blobs.open_read(theirs).await.is_err());
}

pub(crate) async fn the_storage_takes_bytes_and_leaves_no_trace_of_a_probe(storage: &Storage) {
    storage.blobs.probe().await.unwrap();
    assert_eq!(storage.blobs.free_space().unwrap().is_some(), storage.folder.is_some());
    storage.until_empty().await;
}
