//! What is measured of previews.

use std::time::Duration;

use bindery_preview::Outcome;
use bindery_store::jobs::{self, Backlog};
use bindery_store::{Snapshot, Store, StoreError};

use super::KIND;
use crate::clock::Clock;

/// How often the queue is counted.
const COUNT: Duration = Duration::from_secs(5);

/// The word of an outcome.
pub(super) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Ready => "ready",
        Outcome::Unsupported { .. } => "unsupported",
        Outcome::Encrypted => "encrypted",
        Outcome::Failed { .. } => "failed",
    }
}

/// A preview was made, or is given up.
pub(super) fn made(kind: &'static str, outcome: &'static str, took: Duration) {
    metrics::counter!("bindery_previews_total", "kind" => kind, "outcome" => outcome).increment(1);
    if !took.is_zero() {
        metrics::histogram!("bindery_preview_seconds", "kind" => kind).record(took);
    }
}

/// A try must be made again.
pub(super) fn retried() {
    metrics::counter!("bindery_preview_retries_total").increment(1);
}

/// Counts the queue now and then. Never ends.
pub async fn watch_backlog(store: Store, clock: Clock) {
    let mut interval = tokio::time::interval(COUNT);
    loop {
        interval.tick().await;
        let count = |db: Snapshot| async move { jobs::backlog(&db, KIND).await };
        match store.snapshot::<_, _, _, StoreError>(count).await {
            Ok(backlog) => show(backlog, &clock),
            Err(error) => tracing::debug!(%error, "counting previews that wait"),
        }
    }
}

fn show(backlog: Backlog, clock: &Clock) {
    let age = backlog.oldest.map_or(0, |oldest| (clock.now().secs() - oldest.secs()).max(0));
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let (jobs, age) = (backlog.jobs as f64, age as f64);
    metrics::gauge!("bindery_preview_queue_jobs").set(jobs);
    metrics::gauge!("bindery_preview_queue_oldest_seconds").set(age);
}
