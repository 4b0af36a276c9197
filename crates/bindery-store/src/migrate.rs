//! Bringing the schema up to date.

use crate::{Query, Store, StoreError, params};

/// Applies the migrations that the database lacks.
///
/// # Errors
/// When a migration fails, or the database is newer than this binary.
pub async fn migrate(store: &Store) -> Result<(), StoreError> {
    let rows =
        store.query("select 1 from sqlite_master where name = 'organization'", params![]).await?;
    if rows.is_empty() {
        store
            .write(|tx| async move {
                tx.batch(include_str!("../migrations/sqlite/0001_foundation.sql")).await
            })
            .await?;
    }
    Ok(())
}
