//! Numbers and hashes for the journal's entries, and one row of many for the counters, beside the writers.
//!
//! For each organization one node at a time does it: the one that holds the row at the end of its journal. A node that
//! dies gives it up with its connection.

use std::time::Duration;

use bindery_domain::Scope;
use bindery_store::{Store, StoreError, journal};
use tokio::time::MissedTickBehavior;

/// Between two looks for entries: half of the time in which one is to be sealed.
const POLL: Duration = Duration::from_millis(100);
/// Entries of one transaction.
const BATCH: i64 = 1_000;

/// Seals until the runtime ends. What fails is told once and tried again.
pub async fn seal_journal(store: Store) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    loop {
        ticks.tick().await;
        let done = seal_all(&store, Turn::OfOne).await;
        match &done {
            Err(error) if !is_failing => tracing::warn!(%error, "cannot seal the journal"),
            Ok(()) if is_failing => tracing::info!("sealing the journal again"),
            _ => {}
        }
        is_failing = done.is_err();
    }
}

/// Seals what waits at this moment, so that a reader sees all that was acknowledged.
///
/// # Errors
/// When the database does not do as told.
pub async fn seal_now(store: &Store) -> Result<(), StoreError> {
    if store.has_one_writer() { Ok(()) } else { seal_all(store, Turn::OfAll).await }
}

/// What is done where somebody else seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It is left to them.
    OfOne,
    /// They are waited for.
    OfAll,
}

async fn seal_all(store: &Store, turn: Turn) -> Result<(), StoreError> {
    for org in journal::unsealed_organizations(store).await? {
        let scope = Scope::own(org);
        let seal = move |tx| async move {
            match turn {
                Turn::OfOne => journal::try_seal(&tx, &scope, BATCH).await,
                Turn::OfAll => journal::seal(&tx, &scope, BATCH).await,
            }
        };
        while store.write::<_, _, _, StoreError>(seal).await? > 0 {}
    }
    Ok(())
}
