//! What a caller has put into the storage itself, when it is committed.
//!
//! The caller's URL writes to `uploads/…` and stays good until it expires, so the bytes are copied inside the storage to
//! the key of a blob, where no URL leads. To the upload this is its one PUT: it goes from open to received.

use std::time::SystemTime;

use aws_lc_rs::digest::{Context, SHA256};
use bindery_blobs::{BlobKey, S3, Stored, Taken};
use bindery_domain::{BlobId, Kind, Refusal, Scope};
use bindery_store::uploads::{self, UploadState};
use futures_util::StreamExt;

use super::receiving::Receiving;
use super::target::{RUNNING, Target};
use super::{Transfer, put_blob};
use crate::api::ApiError;
use crate::links::UploadLink;

/// Takes the bytes of an upload that has none yet. Where there is nothing to take, what is wrong with the upload is left
/// to the commit to say.
///
/// # Errors
/// 413 beyond the limit, 404 when the commit comes too late, 409 while another takes them, 503 when the storage does not
/// do as told.
pub(crate) async fn take_direct(
    transfer: &Transfer,
    s3: &S3,
    scope: Scope,
    link: UploadLink,
) -> Result<(), ApiError> {
    let limit = link.limit_bytes.min(transfer.limits.max_upload_bytes);
    let target = Target { link, scope, limit };
    let upload = uploads::find(&transfer.store, &scope, target.link.upload).await?;
    let is_open = upload.is_some_and(|upload| {
        upload.client == target.link.client
            && matches!(upload.state, UploadState::Open | UploadState::Receiving)
    });
    if !is_open {
        return Ok(());
    }
    let Some(put_at) = s3.put_at(target.upload_key()).await? else { return Ok(()) };
    if is_late(transfer, put_at) {
        return Err(Refusal::NotFound(Kind::Upload).into());
    }
    let receiving = match Receiving::begin(transfer, &target).await {
        Err(ApiError::Refused(refusal)) if refusal == RUNNING => {
            return Err(Refusal::InProgress.into());
        }
        // Somebody else took them meanwhile.
        Err(ApiError::Refused(_)) => return Ok(()),
        other => other?,
    };
    // A task of its own: a large file may take longer than its caller waits, and the next try then finds it done.
    let (transfer, s3) = (transfer.clone(), s3.clone());
    let taking = tokio::spawn(async move { finish(&transfer, &s3, &target, receiving).await });
    taking.await.map_err(anyhow::Error::from)?
}

async fn finish(
    transfer: &Transfer,
    s3: &S3,
    target: &Target,
    receiving: Receiving,
) -> Result<(), ApiError> {
    let blob = BlobId::random();
    match take(transfer, s3, target, target.blob_key(blob)).await {
        Ok(stored) => put_blob::finish(transfer, target, receiving, blob, stored).await.map(drop),
        Err(error) => {
            receiving.give_back().await;
            Err(error)
        }
    }
}

/// The commit must come within the upload's time after the last byte. The storage's clock says when that was.
fn is_late(transfer: &Transfer, put_at: SystemTime) -> bool {
    let age = SystemTime::now().duration_since(put_at).unwrap_or_default();
    age > transfer.limits.upload_expiry
}

async fn take(
    transfer: &Transfer,
    s3: &S3,
    target: &Target,
    key: BlobKey,
) -> Result<Stored, ApiError> {
    let taken = s3.take(target.upload_key(), target.limit, key).await?;
    let Taken { size, sha256 } = taken.ok_or(Refusal::NotFound(Kind::Upload))?;
    let sha256 = match sha256 {
        Some(sha256) => sha256,
        None => read_digest(transfer, key).await?,
    };
    Ok(Stored { size, sha256 })
}

/// Reads the bytes once, for a storage that does not say their digest.
async fn read_digest(transfer: &Transfer, key: BlobKey) -> Result<[u8; 32], ApiError> {
    let reader = transfer.blobs.open_read(key).await?;
    let size = reader.size();
    let mut pieces = std::pin::pin!(reader.stream(0..size));
    let mut digest = Context::new(&SHA256);
    while let Some(bytes) = pieces.next().await {
        digest.update(&bytes?);
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest.finish().as_ref());
    Ok(sha256)
}
