//! The end of sandboxes: their clients are refused, then rows and bytes go.

use std::time::Duration;

use bindery_blobs::{BlobKey, UploadKey};
use bindery_domain::{OrganizationId, Timestamp};
use bindery_store::sandboxes::{self, Leftovers, SandboxRow};
use bindery_store::{Removal, StoreError, Tx, organizations};
use tokio::time::sleep;

use super::{begin_removal, report};
use crate::transfer::Transfer;

const SWEEP_EVERY: Duration = Duration::from_secs(2);
/// From the time on that a sandbox's client is refused: by then every node knows it, and what was begun is done.
const GRACE_SECS: i64 = 5;
/// Sandboxes of one round.
const BATCH: i64 = 20;

/// Sweeps until the runtime ends. Without sandboxes that is one look at an empty table.
pub(crate) async fn sweep(transfer: Transfer) {
    loop {
        sleep(SWEEP_EVERY).await;
        if !is_any_due(&transfer).await {
            continue;
        }
        if let Some(removal) = begin_removal(&transfer.store).await {
            report("sandboxes", sweep_sandboxes(&transfer, &removal).await);
            removal.end().await;
        }
    }
}

/// Looks before the right to remove is taken, which servers without sandboxes never need for this.
async fn is_any_due(transfer: &Transfer) -> bool {
    match sandboxes::due(&transfer.store, transfer.clock.now(), 1).await {
        Ok(due) => !due.is_empty(),
        Err(error) => {
            tracing::error!(%error, "looking for sandboxes whose time is over");
            false
        }
    }
}

/// Refuses the clients of sandboxes whose time is over, and removes those that were refused before; returns how many
/// were removed.
///
/// # Errors
/// When the database or the storage does not do as told.
pub async fn sweep_sandboxes(transfer: &Transfer, _: &Removal) -> anyhow::Result<usize> {
    let now = transfer.clock.now();
    let mut count = 0;
    for sandbox in sandboxes::due(&transfer.store, now, BATCH).await? {
        match sandbox.disabled_at {
            None => disable(transfer, &sandbox, now).await?,
            Some(since) if since.plus_secs(GRACE_SECS) > now => {}
            Some(_) => {
                let (organization, leftovers) = (sandbox.id, remove_rows(transfer, sandbox).await?);
                remove_bytes(transfer, organization, &leftovers).await?;
                count += 1;
            }
        }
    }
    Ok(count)
}

async fn disable(
    transfer: &Transfer,
    sandbox: &SandboxRow,
    at: Timestamp,
) -> Result<(), StoreError> {
    let scope = sandbox.scope();
    let disable = move |tx: Tx| async move { organizations::disable(&tx, &scope, at).await };
    transfer.store.write(disable).await
}

async fn remove_rows(transfer: &Transfer, sandbox: SandboxRow) -> Result<Leftovers, StoreError> {
    let remove = move |tx: Tx| {
        let sandbox = sandbox.clone();
        async move { sandboxes::remove(&tx, &sandbox).await }
    };
    transfer.store.write(remove).await
}

/// Removes bytes that no row names any more.
///
/// # Errors
/// When the storage does not do as told; what is left is swept as orphans.
pub(crate) async fn remove_bytes(
    transfer: &Transfer,
    organization: OrganizationId,
    leftovers: &Leftovers,
) -> anyhow::Result<()> {
    for &upload in &leftovers.uploads {
        transfer.blobs.remove_blocks(UploadKey { organization, upload }).await?;
    }
    for &blob in &leftovers.blobs {
        transfer.blobs.remove(BlobKey { organization, blob }).await?;
    }
    Ok(())
}
