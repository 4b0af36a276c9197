//! The end of uploads that nobody committed.

use bindery_blobs::{BlobKey, UploadKey};
use bindery_domain::{OrganizationId, Scope, Timestamp};
use bindery_store::uploads::{self, ExpiredUpload};
use bindery_store::{Removal, StoreError, organizations};

use super::BATCH;
use crate::transfer::{LEASE_SECS, Transfer};

/// Expires the uploads whose time is over and removes them with their bytes and blocks; returns how many.
///
/// # Errors
/// When the database or the storage does not do as told.
pub async fn sweep_uploads(transfer: &Transfer, _: &Removal) -> anyhow::Result<usize> {
    let mut count = 0;
    let now = transfer.clock.now();
    for org in uploads::due_organizations(&transfer.store, now).await? {
        let scope = Scope::own(org);
        let organization = organizations::load(&transfer.store, &scope).await?.id;
        expire(transfer, scope, now).await?;
        loop {
            let removed = remove_rows(transfer, scope).await?;
            for upload in &removed {
                remove_bytes(transfer, organization, upload).await?;
            }
            count += removed.len();
            if removed.is_empty() {
                break;
            }
        }
    }
    Ok(count)
}

/// Opens the uploads whose PUT died with the process before this one, so that a retry need not wait for its lease.
/// Only for a server that has the database to itself.
///
/// # Errors
/// When the database does not answer.
pub async fn reopen_interrupted(transfer: &Transfer) -> anyhow::Result<usize> {
    // Whatever begins from now on holds longer than this.
    let until = Timestamp(transfer.clock.now().plus_secs(LEASE_SECS).0 - 1);
    let mut count = 0;
    for org in uploads::interrupted_organizations(&transfer.store, until).await? {
        let scope = Scope::own(org);
        let reopen = move |tx| async move { uploads::reopen_interrupted(&tx, &scope, until).await };
        count += transfer.store.write::<_, _, _, StoreError>(reopen).await?;
    }
    Ok(count)
}

async fn expire(transfer: &Transfer, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    let expire = move |tx| async move { uploads::expire_due(&tx, &scope, now, BATCH).await };
    while transfer.store.write(expire).await? > 0 {}
    Ok(())
}

async fn remove_rows(transfer: &Transfer, scope: Scope) -> Result<Vec<ExpiredUpload>, StoreError> {
    let remove = move |tx| async move {
        let mut removed = Vec::new();
        for upload in uploads::list_expired(&tx, &scope, BATCH).await? {
            if uploads::remove_expired(&tx, &scope, upload.id).await? {
                removed.push(upload);
            }
        }
        Ok(removed)
    };
    transfer.store.write(remove).await
}

async fn remove_bytes(
    transfer: &Transfer,
    organization: OrganizationId,
    upload: &ExpiredUpload,
) -> anyhow::Result<()> {
    transfer.blobs.remove_blocks(UploadKey { organization, upload: upload.id }).await?;
    if let Some(blob) = upload.blob {
        transfer.blobs.remove(BlobKey { organization, blob }).await?;
    }
    Ok(())
}
