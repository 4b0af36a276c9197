//! What runs beside the requests, without any caller.

pub mod release_previews;
pub mod seal_journal;
pub mod sweep_blobs;
pub mod sweep_orphans;
pub mod sweep_sandboxes;
pub mod sweep_uploads;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bindery_store::{Removal, Store};
use tokio::time::{Instant, sleep};

use crate::transfer::Transfer;

const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How often a server asks whether it is its turn to look for orphans.
const ORPHANS_ASKED_EVERY: Duration = Duration::from_secs(3_600);

/// How many rows one transaction takes.
const BATCH: i64 = 500;

/// Bytes go so long after the last row that needed them; younger files are no orphans.
pub const GRACE_SECS: i64 = 3_600;

/// Sweeps until the runtime ends. What fails is logged and tried again the next time.
pub async fn sweep(transfer: Transfer) {
    let mut orphans_at = Instant::now() + SWEEP_EVERY;
    loop {
        sleep(SWEEP_EVERY).await;
        if let Some(removal) = begin_removal(&transfer.store).await {
            report("expired uploads", sweep_uploads::sweep_uploads(&transfer, &removal).await);
            report("dead blobs", sweep_blobs::sweep_blobs(&transfer, &removal).await);
            removal.end().await;
        }
        if Instant::now() >= orphans_at {
            report("orphaned files", sweep_orphans::sweep_in_turn(&transfer).await);
            orphans_at = Instant::now() + ORPHANS_ASKED_EVERY;
        }
    }
}

/// The right to remove; the next round is soon where it is not to be had.
async fn begin_removal(store: &Store) -> Option<Removal> {
    match store.begin_removal().await {
        Ok(None) => {
            tracing::debug!("nothing is swept: a backup runs, or another sweeper");
            None
        }
        Ok(removal) => removal,
        Err(error) => {
            tracing::error!(%error, "asking whether a backup runs");
            None
        }
    }
}

fn report(what: &str, swept: anyhow::Result<usize>) {
    match swept {
        Ok(0) => {}
        Ok(count) => tracing::info!(event = "sweep", count, "removed {count} {what}"),
        Err(error) => tracing::error!(error = format!("{error:#}"), "sweeping {what}"),
    }
}
