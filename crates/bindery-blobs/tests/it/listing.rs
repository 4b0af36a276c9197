use std::time::{Duration, SystemTime};

use bindery_blobs::FoundKind;

use crate::blocks::{id, put, upload};
use crate::storage::Storage;
use crate::{key, store};

pub(crate) async fn what_lies_in_the_storage_is_listed_for_what_it_is(storage: &Storage) {
    let (blob, upload) = (key(), upload());
    store(&storage.blobs, blob, b"bytes").await.unwrap();
    put(&storage.blobs, upload, id("a"), b"block", 100).await.unwrap();
    let mut found = storage.blobs.list().all().await.unwrap();
    found.sort_by_key(|found| format!("{:?}", found.kind));
    let kinds: Vec<_> = found.iter().map(|found| (found.kind, found.size)).collect();
    assert_eq!(kinds, [(FoundKind::Blob(blob), 5), (FoundKind::Block(upload), 5)]);
    assert_eq!(found[0].path, storage.blobs.locate(blob));
    for one in &found {
        let apart = SystemTime::now().duration_since(one.modified).unwrap_or_default();
        assert!(apart < Duration::from_secs(60), "{one:?}");
        assert!(storage.blobs.remove_found(one).await.unwrap());
    }
    storage.until_empty().await;
}

pub(crate) async fn what_was_moved_aside_is_kept_but_no_longer_listed(storage: &Storage) {
    let orphan = key();
    store(&storage.blobs, orphan, b"bytes").await.unwrap();
    let found = storage.blobs.list().next().await.unwrap().unwrap();
    assert_eq!((found.kind, found.size), (FoundKind::Blob(orphan), 5));
    let aside = storage.blobs.set_aside(&found).await.unwrap().unwrap();
    assert_eq!(storage.read(&aside).await, b"bytes");
    storage.until_empty().await;
    assert!(storage.blobs.open_read(orphan).await.is_err());
}
