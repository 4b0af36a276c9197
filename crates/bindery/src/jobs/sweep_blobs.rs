//! The end of bytes that no version needs any more.

use bindery_blobs::BlobKey;
use bindery_domain::{BlobId, Scope, Timestamp};
use bindery_store::{Removal, StoreError, blobs, derived, jobs, organizations, previews};

use super::{BATCH, GRACE_SECS};
use crate::previews::KIND;
use crate::transfer::Transfer;

/// Removes the blobs that have been dead for an hour with the pictures made of them, rows first; returns how many files.
///
/// # Errors
/// When the database or the storage does not do as told.
pub async fn sweep_blobs(transfer: &Transfer, _: &Removal) -> anyhow::Result<usize> {
    let mut count = 0;
    let now = transfer.clock.now();
    for organization in organizations::list(&transfer.store).await? {
        loop {
            let removed = remove_rows(transfer, Scope::own(organization.key), now).await?;
            for &blob in &removed {
                transfer.blobs.remove(BlobKey { organization: organization.id, blob }).await?;
            }
            count += removed.len();
            if removed.is_empty() {
                break;
            }
        }
    }
    Ok(count)
}

async fn remove_rows(
    transfer: &Transfer,
    scope: Scope,
    now: Timestamp,
) -> Result<Vec<BlobId>, StoreError> {
    let dead_at = now.plus_secs(-GRACE_SECS);
    // Most of the time there is nothing, and then no transaction is begun.
    if blobs::dead_since(&transfer.store, &scope, dead_at, 1).await?.is_empty() {
        return Ok(Vec::new());
    }
    let remove = move |tx| async move {
        let mut removed = Vec::new();
        for blob in blobs::dead_since(&tx, &scope, dead_at, BATCH).await? {
            if blobs::remove_dead(&tx, &scope, blob.key).await? {
                removed.push(blob.id);
                // The pictures made of it go with it, and never before.
                previews::forget(&tx, &scope, blob.key).await?;
                jobs::remove_beneath(&tx, &scope, KIND, &blob.key.to_string()).await?;
                removed.extend(derived::remove_of_blob(&tx, &scope, blob.key).await?);
            }
        }
        Ok(removed)
    };
    transfer.store.write(remove).await
}
