//! Somebody waits for a part: its job goes before all that nobody waits for.

use bindery_domain::{Scope, Timestamp};
use bindery_store::jobs::{self, Priority};
use bindery_store::{Store, StoreError};

use super::{Bell, KIND, Part};

/// Whether a job had to be made or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It was queued, or moved forward.
    Now,
    /// Somebody had asked before.
    Before,
}

/// Queues a part of a blob, or moves its job forward.
///
/// Asking again costs one read: callers ask over and over while they wait.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    store: &Store,
    bell: &Bell,
    scope: &Scope,
    (blob_key, part): (i64, Part),
    now: Timestamp,
) -> Result<Asked, StoreError> {
    let waiting = jobs::find(store, scope, KIND, &part.subject(blob_key)).await?;
    if waiting.is_some_and(|job| job.priority == Priority::Asked) {
        return Ok(Asked::Before);
    }
    let scope = *scope;
    let enqueue =
        move |tx| async move { part.enqueue(&tx, &scope, blob_key, (Priority::Asked, now)).await };
    store.write::<_, _, _, StoreError>(enqueue).await?;
    bell.ring_for_asked();
    Ok(Asked::Now)
}
