//! Stored bytes against what the database says of them.

use std::pin::pin;

use aws_lc_rs::digest::{Context, SHA256};
use bindery_blobs::{BlobError, BlobKey, Blobs};
use futures_util::StreamExt;

/// What is wrong with stored bytes.
pub(super) enum Wrong {
    Missing,
    Damaged(String),
}

/// Compares stored bytes with what the database says of them.
///
/// # Errors
/// When the storage does not answer.
pub(super) async fn compare(
    blobs: &Blobs,
    key: BlobKey,
    size: i64,
    sha256: &[u8; 32],
) -> anyhow::Result<Option<Wrong>> {
    let reader = match blobs.open_read(key).await {
        Ok(reader) => reader,
        Err(BlobError::Missing(_)) => return Ok(Some(Wrong::Missing)),
        Err(error @ BlobError::Unavailable { .. }) => return Err(error.into()),
        Err(error) => return Ok(Some(Wrong::Damaged(error.to_string()))),
    };
    if u64::try_from(size).ok() != Some(reader.size()) {
        return Ok(Some(Wrong::Damaged(format!("{} bytes instead of {size}", reader.size()))));
    }
    let mut digest = Context::new(&SHA256);
    let size = reader.size();
    let mut pieces = pin!(reader.stream(0..size));
    while let Some(bytes) = pieces.next().await {
        match bytes {
            Ok(bytes) => digest.update(&bytes),
            // A storage that does not answer says nothing of its bytes.
            Err(error @ BlobError::Unavailable { .. }) => return Err(error.into()),
            Err(error) => return Ok(Some(Wrong::Damaged(error.to_string()))),
        }
    }
    let differs = digest.finish().as_ref() != sha256;
    Ok(differs.then(|| Wrong::Damaged("the SHA-256 differs".to_owned())))
}
