//! The face that a store, a snapshot and a transaction share.

use std::future::Future;

use crate::{Row, Sql, StoreError, Value};

/// Runs statements. A [`crate::Store`] runs each on its own, a [`crate::Snapshot`] all on one state of the
/// database, a [`crate::Tx`] within its transaction.
pub trait Query: Sync {
    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// Any [`StoreError`] of the engine.
    fn query(
        &self,
        sql: impl Into<Sql> + Send,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Runs a statement that yields at most one row.
    ///
    /// # Errors
    /// As [`Query::query`]; [`StoreError::TooManyRows`] for a second row.
    fn query_opt(
        &self,
        sql: impl Into<Sql> + Send,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        async move {
            let mut rows = self.query(sql, params).await?;
            match rows.len() {
                0 | 1 => Ok(rows.pop()),
                _ => Err(StoreError::TooManyRows),
            }
        }
    }
}
