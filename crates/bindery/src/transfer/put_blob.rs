//! The whole file in one PUT.

use axum::response::Response;
use bindery_blobs::{Expected, Stored};
use bindery_domain::BlobId;
use http::request::Parts;

use super::incoming::Incoming;
use super::receiving::Receiving;
use super::target::{RUNNING, Target, announced_md5};
use super::{Transfer, upload};
use crate::api::ApiError;
use crate::middleware::current;

/// The free space is looked at again after so many bytes.
const FREE_EVERY: u64 = 16 * 1024 * 1024;

/// Takes the file.
pub(super) async fn put(
    transfer: &Transfer,
    target: &Target,
    parts: &Parts,
    incoming: &mut Incoming,
) -> Result<Response, ApiError> {
    let expected = Expected { limit: target.limit, md5: announced_md5(&parts.headers)? };
    incoming.check_announced(target.limit)?;
    transfer.check_free(incoming.announced.unwrap_or(0))?;
    let receiving = Receiving::begin(transfer, target).await?;
    let blob = BlobId::random();
    match store(transfer, target, incoming, expected, blob).await {
        Ok(stored) => finish(transfer, target, receiving, blob, stored).await,
        Err(error) => {
            receiving.give_back().await;
            Err(error)
        }
    }
}

/// Records durable bytes and answers.
pub(super) async fn finish(
    transfer: &Transfer,
    target: &Target,
    receiving: Receiving,
    blob: BlobId,
    stored: Stored,
) -> Result<Response, ApiError> {
    if !receiving.received(blob, stored).await? {
        // Another PUT has taken the upload over; these bytes would only be an orphan.
        transfer.blobs.remove(target.blob_key(blob)).await?;
        return Err(RUNNING.into());
    }
    transfer.blobs.remove_blocks(target.upload_key()).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the blocks of upload {} stay for the sweeper", target.link.upload);
    });
    metrics::counter!("bindery_uploads_total").increment(1);
    metrics::counter!("bindery_upload_bytes_total").increment(stored.size);
    tracing::info!(
        event = "upload",
        organization = %target.link.organization,
        client = %target.link.client,
        upload.id = %target.link.upload,
        address = current::client_address().map(tracing::field::display),
        bytes = stored.size,
        "upload {} has received {} bytes", target.link.upload, stored.size,
    );
    Ok(upload::created(&stored, transfer.clock.now()))
}

async fn store(
    transfer: &Transfer,
    target: &Target,
    incoming: &mut Incoming,
    expected: Expected,
    blob: BlobId,
) -> Result<Stored, ApiError> {
    let mut writer = transfer.blobs.begin(target.blob_key(blob), expected).await?;
    let mut check_at = FREE_EVERY;
    while let Some(bytes) = incoming.next().await? {
        writer.write(&bytes).await?;
        if writer.size() >= check_at {
            check_at = writer.size() + FREE_EVERY;
            transfer.check_free(0)?;
        }
    }
    Ok(writer.finish().await?)
}
