//! Making an upload that waits for its bytes.

use bindery_domain::{Refusal, Scope};
use bindery_store::uploads::{self, NewUpload};
use bindery_store::{Tx, sandboxes};

use super::ActionError;
use crate::app::App;
use crate::sandbox::MOST_VERSIONS;

const FULL: Refusal = Refusal::Full(
    "the sandbox is full: reset it, or wait until upload URLs that were not used have expired",
);

/// Makes the upload and returns how many bytes it may bring. A sandbox has less room than other organizations, and each
/// upload URL takes its share of it until it was used or has expired.
///
/// # Errors
/// [`Refusal::Full`] when the organization is a sandbox without room.
pub(crate) async fn open_upload(
    app: &App,
    scope: &Scope,
    new: NewUpload,
) -> Result<u64, ActionError> {
    let most = app.config.transfer.max_upload_bytes;
    let sandboxes = app.sandboxes.clone();
    let scope = *scope;
    let open = move |tx: Tx| {
        let (new, sandboxes) = (new.clone(), sandboxes.clone());
        async move {
            let mut limit = most;
            if sandboxes::find(&tx, &scope).await?.is_some() {
                limit = limit.min(sandboxes.most_file_bytes());
                let storage = sandboxes.config().storage_bytes;
                check_room(&tx, &scope, limit, storage).await?;
            }
            uploads::open(&tx, &scope, &new).await?;
            Ok::<_, ActionError>(limit)
        }
    };
    app.store.write(open).await
}

/// How many bytes an upload of an organization may bring.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn upload_limit(app: &App, scope: &Scope) -> Result<u64, ActionError> {
    let most = app.config.transfer.max_upload_bytes;
    let is_sandbox = sandboxes::find(&app.store, scope).await?.is_some();
    Ok(if is_sandbox { most.min(app.sandboxes.most_file_bytes()) } else { most })
}

async fn check_room(
    tx: &Tx,
    scope: &Scope,
    limit_bytes: u64,
    storage_bytes: u64,
) -> Result<(), ActionError> {
    let limit = i64::try_from(limit_bytes).unwrap_or(i64::MAX);
    let reserved = sandboxes::reserved(tx, scope, limit).await?;
    let storage = i64::try_from(storage_bytes).unwrap_or(i64::MAX);
    let has_room =
        reserved.bytes.saturating_add(limit) <= storage && reserved.versions < MOST_VERSIONS;
    if has_room { Ok(()) } else { Err(FULL.into()) }
}
