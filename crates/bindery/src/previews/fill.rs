//! Queueing previews of what is stored already: at the start of a server those that are missing, by command all.

use bindery_domain::Scope;
use bindery_store::jobs::Priority;
use bindery_store::organizations;
use bindery_store::previews::{self, PreviewState, Walked};
use bindery_store::{Store, StoreError};

use super::{Bell, Part, RENDERER_VERSION};
use crate::clock::Clock;

/// Blobs looked at at once.
const CHUNK: i64 = 1_000;

/// Which previews are to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that are not there yet, and those that older renderers could not make.
    Missing,
    /// All, or those in one state.
    All(Option<PreviewState>),
}

impl Wanted {
    fn is(self, blob: &Walked) -> bool {
        let is_older = |renderer| renderer < i64::from(RENDERER_VERSION);
        let state = blob.preview.map_or(PreviewState::Pending, |(state, _)| state);
        blob.is_live
            && match (self, blob.preview) {
                (Self::Missing, None | Some((PreviewState::Pending, _))) => true,
                (Self::Missing, Some((PreviewState::Unsupported | PreviewState::Failed, made))) => {
                    is_older(made)
                }
                (Self::Missing, Some(_)) => false,
                (Self::All(only), _) => only.is_none_or(|only| only == state),
            }
    }
}

/// Queues the previews of an organization that are wanted, for when nothing else is to be done; returns how many.
/// `progress` gets how many were queued so far.
///
/// # Errors
/// When the database does not answer; what was queued so far stays.
pub async fn queue_all(
    store: &Store,
    scope: Scope,
    wanted: Wanted,
    clock: &Clock,
    mut progress: impl FnMut(u64),
) -> Result<u64, StoreError> {
    let (mut count, mut after) = (0, None);
    loop {
        let chunk = previews::walk(store, &scope, after, CHUNK).await?;
        let keys: Vec<i64> =
            chunk.rows.iter().filter(|blob| wanted.is(blob)).map(|blob| blob.blob_key).collect();
        count += keys.len() as u64;
        enqueue(store, scope, keys, clock).await?;
        progress(count);
        after = chunk.next;
        if after.is_none() {
            return Ok(count);
        }
    }
}

async fn enqueue(
    store: &Store,
    scope: Scope,
    keys: Vec<i64>,
    clock: &Clock,
) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    let (keys, now) = (std::sync::Arc::new(keys), clock.now());
    let write = move |tx| {
        let keys = keys.clone();
        async move {
            for &key in keys.iter() {
                previews::reset(&tx, &scope, key).await?;
                Part::Overview.enqueue(&tx, &scope, key, (Priority::Background, now)).await?;
            }
            Ok(())
        }
    };
    store.write(write).await
}

/// Queues what is missing in all organizations.
pub(super) async fn fill(store: &Store, bell: &Bell, clock: &Clock) {
    let filled = async {
        let mut count = 0;
        for organization in organizations::list(store).await? {
            count += queue_all(store, organization.scope(), Wanted::Missing, clock, |_| ()).await?;
        }
        Ok::<_, StoreError>(count)
    };
    match filled.await {
        Ok(0) => {}
        Ok(count) => {
            tracing::info!(event = "preview_fill", count, "{count} previews are still to be made");
            bell.ring_for_work();
        }
        Err(error) => tracing::error!(%error, "looking for previews that are missing"),
    }
}
