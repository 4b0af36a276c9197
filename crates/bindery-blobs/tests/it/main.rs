//! The storage as its callers see it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blocks;
mod listing;
mod writing;

use bindery_blobs::{BlobError, BlobKey, Blobs, Expected, Stored};
use bindery_domain::{BlobId, OrganizationId};
use futures_util::TryStreamExt;
use tempfile::TempDir;

/// An empty storage, gone with the folder.
fn storage() -> (TempDir, Blobs) {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&dir.path().join("files")).unwrap();
    (dir, blobs)
}

fn key() -> BlobKey {
    BlobKey { organization: OrganizationId::random(), blob: BlobId::random() }
}

fn any() -> Expected {
    Expected { limit: u64::MAX, md5: None }
}

/// Bytes that differ everywhere, so that a block in the wrong place shows.
fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0]).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().try_into().unwrap()
}

async fn store(blobs: &Blobs, key: BlobKey, bytes: &[u8]) -> Result<Stored, BlobError> {
    let mut writer = blobs.begin(any()).await?;
    for piece in bytes.chunks(70_001) {
        writer.write(piece).await?;
    }
    writer.finish(key).await
}

async fn load(blobs: &Blobs, key: BlobKey) -> Vec<u8> {
    let reader = blobs.open_read(key).await.unwrap();
    let size = reader.size();
    let pieces: Vec<_> = reader.stream(0..size).try_collect().await.unwrap();
    pieces.concat()
}
