//! What runs beside the requests, without any caller.

pub mod release_previews;
pub mod removal;
pub mod seal_journal;
pub mod sweep_blobs;
pub mod sweep_orphans;
pub mod sweep_sandboxes;
pub mod sweep_uploads;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::transfer::Transfer;
use removal::Removal;

const SWEEP_EVERY: Duration = Duration::from_secs(60);
const ORPHANS_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// How many rows one transaction takes.
const BATCH: i64 = 500;

/// Bytes go so long after the last row that needed them; younger files are no orphans.
pub const GRACE_SECS: i64 = 3_600;

/// Sweeps until the runtime ends. What fails is logged and tried again the next time.
pub async fn sweep(transfer: Transfer, backup_lock: PathBuf) {
    let mut orphans_at = Instant::now() + SWEEP_EVERY;
    loop {
        sleep(SWEEP_EVERY).await;
        match Removal::begin(&backup_lock) {
            Ok(Some(removal)) => {
                report("expired uploads", sweep_uploads::sweep_uploads(&transfer, &removal).await);
                report("dead blobs", sweep_blobs::sweep_blobs(&transfer, &removal).await);
            }
            Ok(None) => tracing::debug!("nothing is swept while a backup runs"),
            Err(error) => tracing::error!(%error, "asking whether a backup runs"),
        }
        if Instant::now() >= orphans_at {
            report("orphaned files", sweep_orphans::sweep_orphans(&transfer).await);
            orphans_at = Instant::now() + ORPHANS_EVERY;
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
