//! The two engines behind the store. Nothing outside of this folder knows which one runs.

mod sqlite;

use std::path::Path;

use crate::{Row, Sql, StoreError, StoreLimits, StoreSettings, Value};

/// The engine of an open database.
#[derive(Clone)]
pub(crate) enum Engine {
    /// The embedded database.
    Sqlite(sqlite::Sqlite),
}

/// A transaction or snapshot of an engine.
#[derive(Clone)]
pub(crate) enum EngineTx {
    /// Of the embedded database.
    Sqlite(sqlite::SqliteTx),
}

impl Engine {
    pub(crate) async fn open(
        settings: &StoreSettings,
        limits: StoreLimits,
    ) -> Result<Self, StoreError> {
        match settings {
            StoreSettings::Embedded { file } => {
                Ok(Self::Sqlite(sqlite::Sqlite::open(file, limits)?))
            }
            StoreSettings::Postgres { .. } => {
                Err(StoreError::Schema("PostgreSQL is not built yet".into()))
            }
        }
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.query(sql, params).await,
        }
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(engine) => Some(engine.file()),
        }
    }

    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        match self {
            Self::Sqlite(_) => sql.sqlite(),
        }
    }

    pub(crate) async fn backup_to(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.backup_to(file).await,
        }
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.close().await,
        }
    }

    pub(crate) async fn write<F, Fut, T, E>(&self, change: F) -> Result<T, E>
    where
        F: Fn(EngineTx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.write(move |tx| change(EngineTx::Sqlite(tx))).await,
        }
    }

    pub(crate) async fn snapshot<F, Fut, T, E>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(EngineTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite(engine) => engine.snapshot(move |tx| read(EngineTx::Sqlite(tx))).await,
        }
    }
}

impl EngineTx {
    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        match self {
            Self::Sqlite(_) => sql.sqlite(),
        }
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(tx) => tx.run(&sql, &params),
        }
    }

    /// Runs a text of several statements, without a limit of time: migrations.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.batch(sql),
        }
    }
}
