//! Jobs that workers of an earlier process held.

use bindery_domain::Timestamp;
use bindery_store::{Store, StoreError, jobs, organizations};

use crate::previews::KIND;

/// Makes them due at once, so that nobody waits for the end of a lease. Only for a server that has the database to
/// itself; returns how many.
///
/// # Errors
/// When the database does not answer.
pub async fn release_previews(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    let mut count = 0;
    for organization in organizations::list(store).await? {
        let scope = organization.scope();
        let release = move |tx| async move { jobs::release_all(&tx, &scope, KIND, now).await };
        count += store.write::<_, _, _, StoreError>(release).await?;
    }
    Ok(count)
}
