//! The end of files that no row names: what a crash or a broken connection left.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use bindery_blobs::{Found, FoundKind, UploadKey};
use bindery_domain::{OrganizationId, Scope};
use bindery_store::uploads::{self, UploadState};
use bindery_store::{StoreError, Tx, blobs, organizations, server_values};

use super::GRACE_SECS;
use crate::transfer::Transfer;

/// The turn of the servers that share a storage: listing it is work, and they pay for it.
const TURN: &str = "orphans_sweep";
/// Between two turns.
const EVERY_SECS: i64 = 24 * 3_600;

/// [`sweep_orphans`] once a day, whichever server asks first.
///
/// # Errors
/// When the database or the storage does not do as told; then it is the next day's turn.
pub async fn sweep_in_turn(transfer: &Transfer) -> anyhow::Result<usize> {
    let now = transfer.clock.now();
    let take = move |tx: Tx| async move {
        server_values::take_turn(&tx, TURN, now, now.plus_secs(EVERY_SECS)).await
    };
    if transfer.store.write::<_, _, _, StoreError>(take).await? {
        sweep_orphans(transfer).await
    } else {
        Ok(0)
    }
}

/// Removes files that are older than an hour and that nothing needs; returns how many. Files that are not ours are left
/// alone: `bindery check` names them.
///
/// # Errors
/// When the database or the storage does not do as told.
pub async fn sweep_orphans(transfer: &Transfer) -> anyhow::Result<usize> {
    let mut count = 0;
    let mut scopes = HashMap::new();
    let mut listing = transfer.blobs.list();
    while let Some(found) = listing.next().await? {
        if is_old(&found) && is_orphan(transfer, &mut scopes, &found).await? {
            count += usize::from(remove(transfer, found).await?);
        }
    }
    Ok(count)
}

/// The row of a young file may be still to come. Files have the machine's time, so that is what counts here.
fn is_old(found: &Found) -> bool {
    let grace = Duration::from_secs(GRACE_SECS.unsigned_abs());
    SystemTime::now().duration_since(found.modified).is_ok_and(|age| age > grace)
}

async fn is_orphan(
    transfer: &Transfer,
    scopes: &mut HashMap<OrganizationId, Option<Scope>>,
    found: &Found,
) -> Result<bool, StoreError> {
    Ok(match found.kind {
        FoundKind::Incoming => true,
        FoundKind::Foreign => false,
        FoundKind::Blob(key) => match scope(transfer, scopes, key.organization).await? {
            Some(scope) => !blobs::is_named(&transfer.store, &scope, key.blob).await?,
            None => true,
        },
        FoundKind::Block(key) => match scope(transfer, scopes, key.organization).await? {
            Some(scope) => !takes_blocks(transfer, &scope, key).await?,
            None => true,
        },
    })
}

async fn scope(
    transfer: &Transfer,
    scopes: &mut HashMap<OrganizationId, Option<Scope>>,
    id: OrganizationId,
) -> Result<Option<Scope>, StoreError> {
    if let Some(scope) = scopes.get(&id) {
        return Ok(*scope);
    }
    let scope = organizations::find(&transfer.store, id).await?.map(|row| Scope::own(row.key));
    scopes.insert(id, scope);
    Ok(scope)
}

/// Blocks are kept as long as their upload may still be put together.
async fn takes_blocks(
    transfer: &Transfer,
    scope: &Scope,
    key: UploadKey,
) -> Result<bool, StoreError> {
    let upload = uploads::find(&transfer.store, scope, key.upload).await?;
    Ok(upload
        .is_some_and(|upload| matches!(upload.state, UploadState::Open | UploadState::Receiving)))
}

async fn remove(transfer: &Transfer, found: Found) -> anyhow::Result<bool> {
    tracing::info!(
        event = "orphan",
        bytes = found.size,
        "removing the orphan {}",
        found.path.display()
    );
    Ok(transfer.blobs.remove_found(&found).await?)
}
