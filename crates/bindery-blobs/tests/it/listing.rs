use std::fs;

use bindery_blobs::{Blobs, BlockId, FoundKind, UploadKey};
use bindery_domain::{OrganizationId, UploadId};

use crate::{any, key, storage, store};

#[tokio::test]
async fn what_a_crash_leaves_is_listed_for_what_it_is() {
    let (dir, blobs) = storage();
    let root = dir.path().join("files");
    let blob = key();
    store(&blobs, blob, b"bytes").await.unwrap();
    let upload = UploadKey { organization: OrganizationId::random(), upload: UploadId::random() };
    let block = blobs.begin_block(upload, BlockId::new(b"a").unwrap(), any()).await.unwrap();
    block.finish().await.unwrap();
    // A killed process runs no destructors.
    std::mem::forget(blobs.begin(any()).await.unwrap());
    fs::write(root.join("blobs/note.txt"), "someone's").unwrap();
    fs::write(root.join("beside.db"), "not the storage's").unwrap();
    drop(blobs);

    let blobs = Blobs::open(&root).unwrap();
    let mut found: Vec<_> = blobs.list().unwrap().map(|found| found.unwrap().kind).collect();
    found.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(
        found,
        [FoundKind::Blob(blob), FoundKind::Block(upload), FoundKind::Foreign, FoundKind::Incoming]
    );
}

#[tokio::test]
async fn a_file_moved_aside_is_kept_but_no_longer_listed() {
    let (_dir, blobs) = storage();
    let orphan = key();
    store(&blobs, orphan, b"bytes").await.unwrap();
    let found = blobs.list().unwrap().next().unwrap().unwrap();
    assert_eq!((found.kind, found.size), (FoundKind::Blob(orphan), 5));
    let aside = blobs.set_aside(&found).unwrap();
    assert_eq!(fs::read(aside).unwrap(), b"bytes");
    assert_eq!(blobs.list().unwrap().count(), 0);
    assert!(!blobs.remove_found(&found).unwrap());
}
