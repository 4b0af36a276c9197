//! Somebody waits for a part: its job goes before all that nobody waits for.

use bindery_domain::{Scope, Timestamp};
use bindery_store::jobs::{self, Priority};
use bindery_store::{Store, StoreError, previews};

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
    let enqueue = move |tx| async move {
        part.enqueue(&tx, &scope, blob_key, (Priority::Asked, now)).await?;
        // A worker may have given it up since the caller looked. Its job is gone then, and this one would be a fourth try.
        let preview = previews::find(&tx, &scope, blob_key).await?;
        if preview.is_some_and(|preview| preview.state.is_without_pictures()) {
            jobs::remove_beneath(&tx, &scope, KIND, &blob_key.to_string()).await?;
        }
        Ok(())
    };
    store.write::<_, _, _, StoreError>(enqueue).await?;
    bell.ring_for_asked();
    Ok(Asked::Now)
}

#[cfg(test)]
mod tests {
    use bindery_store::blobs;
    use bindery_store::previews::{PreviewRow, PreviewState};

    use super::*;
    use crate::previews::RENDERER_VERSION;
    use crate::transfer::tests::World;

    /// Notes a state as a worker does, its job being gone, and asks as a caller that looked before.
    async fn jobs_after_a_late_question(state: PreviewState) -> i64 {
        let world = World::new().await;
        world.version("plan.pdf", b"bytes").await;
        let (scope, store) = (world.scope, &world.transfer.store);
        let blob_key = blobs::list(store, &scope, None, 9).await.unwrap().rows[0].key;
        let now = world.transfer.clock.now();
        let note = move |tx| async move {
            let row = PreviewRow {
                state,
                reason: None,
                kind: "pdf".to_owned(),
                page_count: 0,
                pages: "[]".to_owned(),
                is_text_complete: false,
                renderer: i64::from(RENDERER_VERSION),
                has_thumbnail: false,
                updated: now,
            };
            jobs::remove_beneath(&tx, &scope, KIND, &blob_key.to_string()).await?;
            previews::save(&tx, &scope, blob_key, &row).await
        };
        store.write::<_, _, _, StoreError>(note).await.unwrap();
        let of = (blob_key, Part::Overview);
        ask(store, &Bell::default(), &scope, of, now).await.unwrap();
        jobs::backlog_of(store, &scope, KIND).await.unwrap().jobs
    }

    #[tokio::test]
    async fn what_was_given_up_meanwhile_is_not_tried_again() {
        for state in [PreviewState::Unsupported, PreviewState::Encrypted, PreviewState::Failed] {
            assert_eq!(jobs_after_a_late_question(state).await, 0, "{state:?}");
        }
        for state in [PreviewState::Pending, PreviewState::Ready] {
            assert_eq!(jobs_after_a_late_question(state).await, 1, "{state:?}");
        }
    }
}
