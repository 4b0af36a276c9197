//! The handle on the database: reads, snapshots and the write transaction.

use std::path::PathBuf;

use crate::engine::{Engine, EngineTx};
use crate::{Query, Row, Sql, StoreError, Value};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum StoreSettings {
    /// The embedded database: one SQLite file.
    Embedded {
        /// Path of the database file; its folder exists.
        file: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://…`
        url: String,
    },
}

/// The database of a server or a command. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
}

/// A transaction in progress: owned, cheap to clone, valid inside the closure of [`Store::write`].
#[derive(Clone)]
pub struct Tx {
    engine: EngineTx,
}

/// One unchanging state of the database, for reads that must agree with each other.
#[derive(Clone)]
pub struct Snapshot {
    engine: EngineTx,
}

impl Store {
    /// Opens the database as it is; [`crate::migrate`] brings its schema up to date.
    ///
    /// # Errors
    /// When the file or the server cannot be opened.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open(settings).await? })
    }

    /// Runs a text of several statements, outside of a transaction of ours: migrations only.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.engine.batch(sql).await
    }

    /// Runs the closure in one transaction and commits it; its answer is given only after the commit is durable.
    ///
    /// The closure may run again (a serialization failure, a broken connection), so it must not change
    /// anything but the database, and it awaits nothing but statements on its own transaction.
    /// An error of the closure rolls its changes back.
    ///
    /// # Errors
    /// The closure's own, or the engine's.
    pub async fn write<F, Fut, T, E>(&self, change: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.engine.write(move |engine| change(Tx { engine })).await
    }

    /// Runs the closure on one state of the database, on the threads kept for searches.
    ///
    /// # Errors
    /// The closure's own, or the engine's; [`StoreError::Interrupted`] past the time limit.
    pub async fn snapshot<F, Fut, T, E>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(Snapshot) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.engine.snapshot(move |engine| read(Snapshot { engine })).await
    }
}

impl Query for Store {
    /// Runs one point read on the threads kept for them. Writes go through [`Store::write`].
    async fn query(&self, sql: impl Into<Sql> + Send, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.engine.query(sql.into(), params).await
    }
}

impl Query for Tx {
    async fn query(&self, sql: impl Into<Sql> + Send, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.engine.query(sql.into(), params).await
    }
}

impl Query for Snapshot {
    async fn query(&self, sql: impl Into<Sql> + Send, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.engine.query(sql.into(), params).await
    }
}
