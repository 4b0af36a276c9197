//! Holding the sweeper while a backup copies bytes.
//!
//! A backup extends the hold, then reads its rows: from then on nothing that these rows name is removed, since the
//! sweeper looks at the hold in the very transaction that removes a row, and bytes go only after their row.

use bindery_domain::Timestamp;
use bindery_store::{Query, StoreError, Tx, server_values};

const NAME: &str = "removal_hold";

/// Lets nothing be removed before this time. A time that has passed ends the hold.
///
/// # Errors
/// Any of the engine.
pub async fn hold_until(tx: &Tx, until: Timestamp) -> Result<(), StoreError> {
    server_values::save(tx, NAME, &until.0.to_be_bytes()).await
}

/// Whether nothing may be removed at present.
///
/// # Errors
/// Any of the engine.
pub async fn is_held(db: &impl Query, now: Timestamp) -> Result<bool, StoreError> {
    let value = server_values::find(db, NAME).await?;
    let until = value.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    Ok(until.is_some_and(|until| until > now.0))
}
