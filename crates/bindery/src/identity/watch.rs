//! Keeping a node's memory of identity true.

use std::time::Duration;

use anyhow::Context;
use bindery_domain::Timestamp;
use bindery_store::{StoreError, revoked_tokens, signing_keys};
use tokio::time::MissedTickBehavior;

use super::Identity;
use crate::clock::SKEW_SECS;

/// Between two looks at the number of identity's changes.
const POLL: Duration = Duration::from_millis(500);
/// Polls between two sweeps of what has expired: ten minutes.
const SWEEP_EVERY: u32 = 1200;

/// Follows the changes of identity that other processes make, for as long as it is polled, and sweeps what has expired.
pub async fn watch(identity: Identity, now: impl Fn() -> Timestamp + Send) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    for tick in 1_u32.. {
        ticks.tick().await;
        let done = identity.refresh(now()).await;
        match &done {
            Err(error) if !is_failing => {
                tracing::warn!(error = format!("{error:#}"), "cannot follow changes of identity")
            }
            Ok(()) if is_failing => tracing::info!("following changes of identity again"),
            _ => {}
        }
        is_failing = done.is_err();
        if tick % SWEEP_EVERY == 1
            && let Err(error) = identity.sweep(now()).await
        {
            tracing::warn!(
                error = format!("{error:#}"),
                "cannot sweep expired keys and revocations"
            );
        }
    }
}

impl Identity {
    /// Removes the keys and revocations whose tokens have all expired.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep(&self, now: Timestamp) -> anyhow::Result<()> {
        // For a node whose clock is behind, those that just expired here still live.
        let now = now.plus_secs(-SKEW_SECS);
        let swept = self.parts().store.write(move |tx| async move {
            revoked_tokens::remove_expired(&tx, now).await?;
            signing_keys::remove_expired(&tx, now).await?;
            Ok::<_, StoreError>(())
        });
        swept.await.context("removing expired keys and revocations")
    }
}
