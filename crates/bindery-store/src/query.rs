//! The face that a store, a snapshot and a transaction share.

use futures_util::future::BoxFuture;

use crate::{Row, Sql, StoreError, Value};

/// Runs statements. A [`crate::Store`] runs each on its own, a [`crate::Snapshot`] all on one state of the
/// database, a [`crate::Tx`] within its transaction.
///
/// The futures are boxed: as opaque types that mention `impl Into<Sql>` they keep the closures of
/// [`crate::Store::write`] from being `Send` wherever a function takes `&impl Query` (rust-lang/rust#100013).
pub trait Query: Sync {
    /// Runs a statement and returns its rows: what [`Query::query`] calls.
    ///
    /// # Errors
    /// Any [`StoreError`] of the engine.
    fn run(&self, sql: Sql, params: Vec<Value>) -> BoxFuture<'_, Result<Vec<Row>, StoreError>>;

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// Any [`StoreError`] of the engine.
    fn query(
        &self,
        sql: impl Into<Sql>,
        params: Vec<Value>,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        self.run(sql.into(), params)
    }

    /// Runs a statement that yields at most one row.
    ///
    /// # Errors
    /// As [`Query::query`]; [`StoreError::TooManyRows`] for a second row.
    fn query_opt(
        &self,
        sql: impl Into<Sql>,
        params: Vec<Value>,
    ) -> BoxFuture<'_, Result<Option<Row>, StoreError>> {
        let rows = self.run(sql.into(), params);
        Box::pin(async move {
            let mut rows = rows.await?;
            match rows.len() {
                0 | 1 => Ok(rows.pop()),
                _ => Err(StoreError::TooManyRows),
            }
        })
    }
}
