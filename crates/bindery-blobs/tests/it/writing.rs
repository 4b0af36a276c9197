use std::os::unix::fs::PermissionsExt;

use bindery_blobs::{BlobError, Blobs, Expected};
use futures_util::TryStreamExt;

use crate::{any, key, load, pattern, sha256, storage, store};

#[tokio::test]
async fn what_was_written_is_read_back_with_its_size_and_digest() {
    let (_dir, blobs) = storage();
    for len in [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 17] {
        let (key, bytes) = (key(), pattern(len));
        let stored = store(&blobs, key, &bytes).await.unwrap();
        assert_eq!((stored.size, stored.sha256), (len as u64, sha256(&bytes)));
        assert!(load(&blobs, key).await == bytes, "{len} bytes differ");
    }
}

#[tokio::test]
async fn a_part_is_streamed_from_its_first_byte_to_its_last() {
    let (_dir, blobs) = storage();
    let (key, bytes) = (key(), pattern(2_000_000));
    store(&blobs, key, &bytes).await.unwrap();
    let reader = blobs.open_read(key).await.unwrap();
    let part: Vec<_> = reader.clone().stream(700_001..1_900_003).try_collect().await.unwrap();
    assert!(part.concat() == bytes[700_001..1_900_003]);
    assert_eq!(reader.read_at(1_999_990, 100).await.unwrap(), bytes[1_999_990..]);
}

#[tokio::test]
async fn a_dropped_writer_leaves_nothing() {
    let (_dir, blobs) = storage();
    let mut writer = blobs.begin(any()).await.unwrap();
    writer.write(&pattern(1_500_000)).await.unwrap();
    drop(writer);
    assert_eq!(blobs.list().unwrap().count(), 0);
}

#[tokio::test]
async fn bytes_over_the_limit_are_refused_and_removed() {
    let (_dir, blobs) = storage();
    let mut writer = blobs.begin(Expected { limit: 10, md5: None }).await.unwrap();
    writer.write(&[0; 10]).await.unwrap();
    assert!(matches!(writer.write(&[0]).await, Err(BlobError::TooLarge { limit: 10 })));
    drop(writer);
    assert_eq!(blobs.list().unwrap().count(), 0);
}

#[tokio::test]
async fn another_md5_than_announced_stores_nothing() {
    let (_dir, blobs) = storage();
    let md5_of_abc = 0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72_u128.to_be_bytes();
    for (bytes, fits) in [(b"abc", true), (b"abd", false)] {
        let key = key();
        let mut writer = blobs.begin(Expected { limit: 10, md5: Some(md5_of_abc) }).await.unwrap();
        writer.write(bytes).await.unwrap();
        let answer = writer.finish(key).await;
        assert_eq!(matches!(answer, Err(BlobError::Md5Mismatch)), !fits);
        assert_eq!(blobs.open_read(key).await.is_ok(), fits);
    }
}

#[tokio::test]
async fn a_removed_blob_is_missing_and_an_open_one_is_read_to_its_end() {
    let (_dir, blobs) = storage();
    let (key, bytes) = (key(), pattern(1_200_000));
    store(&blobs, key, &bytes).await.unwrap();
    let reader = blobs.open_read(key).await.unwrap();
    assert!(blobs.remove(key).await.unwrap());
    assert!(!blobs.remove(key).await.unwrap());
    assert!(
        matches!(blobs.open_read(key).await, Err(BlobError::Missing(missing)) if missing == key)
    );
    let size = reader.size();
    let pieces: Vec<_> = reader.stream(0..size).try_collect().await.unwrap();
    assert!(pieces.concat() == bytes);
}

#[tokio::test]
async fn a_file_that_shrank_ends_the_stream_with_an_error() {
    let (dir, blobs) = storage();
    let key = key();
    store(&blobs, key, &pattern(600_000)).await.unwrap();
    let reader = blobs.open_read(key).await.unwrap();
    let found = blobs.list().unwrap().next().unwrap().unwrap();
    std::fs::write(dir.path().join("files").join(found.path), b"short").unwrap();
    assert!(reader.stream(0..600_000).try_collect::<Vec<_>>().await.is_err());
}

#[tokio::test]
async fn one_organization_cannot_read_anothers_blob_by_its_id() {
    let (_dir, blobs) = storage();
    let mine = key();
    store(&blobs, mine, b"mine").await.unwrap();
    let theirs = bindery_blobs::BlobKey { organization: key().organization, ..mine };
    assert!(blobs.open_read(theirs).await.is_err());
}

#[tokio::test]
async fn only_the_servers_user_can_read_files_and_folders() {
    let (dir, blobs) = storage();
    store(&blobs, key(), b"private").await.unwrap();
    let found = blobs.list().unwrap().next().unwrap().unwrap();
    let root = dir.path().join("files");
    for path in found.path.ancestors() {
        let mode = std::fs::metadata(root.join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path:?}");
    }
}

#[tokio::test]
async fn the_storage_takes_bytes_and_knows_its_free_space() {
    let (_dir, blobs) = storage();
    blobs.probe().await.unwrap();
    assert!(blobs.free_space().unwrap() > 0);
    assert_eq!(blobs.list().unwrap().count(), 0);
}

#[tokio::test]
async fn a_storage_that_is_gone_says_so() {
    let (dir, blobs) = storage();
    std::fs::remove_dir_all(dir.path().join("files")).unwrap();
    assert!(blobs.probe().await.is_err());
    assert!(Blobs::open(&dir.path().join("no/such/folder")).is_err());
}
