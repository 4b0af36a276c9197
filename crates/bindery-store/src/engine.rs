//! The two engines behind the store. Nothing outside of this folder knows which one runs.

mod postgres;
mod sqlite;

use std::any::Any;
use std::fs::File;
use std::path::Path;

use crate::{Row, Sql, StoreError, StoreLimits, StoreSettings, Value};

/// The engine of an open database.
#[derive(Clone)]
pub(crate) enum Engine {
    /// The embedded database.
    Sqlite(sqlite::Sqlite),
    /// A PostgreSQL server.
    Postgres(postgres::Postgres),
}

/// A lock that processes on several machines respect, until dropped.
#[derive(Debug)]
pub(crate) enum Held {
    /// On a file beside the embedded database.
    Sqlite(File),
    /// Of a session with the PostgreSQL server.
    Postgres(postgres::SessionLock),
}

/// A transaction or snapshot of an engine.
#[derive(Clone)]
pub(crate) enum EngineTx {
    /// Of the embedded database.
    Sqlite(sqlite::SqliteTx),
    /// Of a PostgreSQL server.
    Postgres(postgres::PostgresTx),
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
            StoreSettings::Postgres { url } => {
                Ok(Self::Postgres(postgres::Postgres::open(url, limits).await?))
            }
        }
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.query(sql, params).await,
            Self::Postgres(engine) => engine.query(sql, params).await,
        }
    }

    pub(crate) fn has_one_writer(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(engine) => Some(engine.file()),
            Self::Postgres(_) => None,
        }
    }

    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        match self {
            Self::Sqlite(_) => sql.sqlite(),
            Self::Postgres(_) => sql.postgres(),
        }
    }

    /// Copies the database's own file; false where it has none.
    pub(crate) async fn backup_to(&self, file: &Path) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.backup_to(file).await.map(|()| true),
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Takes the lock of those who remove; `None` when anybody has it.
    pub(crate) async fn try_hold_alone(&self) -> Result<Option<Held>, StoreError> {
        Ok(match self {
            Self::Sqlite(engine) => engine.try_hold_alone()?.map(Held::Sqlite),
            Self::Postgres(engine) => engine.try_hold_alone().await?.map(Held::Postgres),
        })
    }

    /// Waits for the same lock, and shares it with others who keep it from those who remove.
    pub(crate) async fn hold_with_others(&self) -> Result<Held, StoreError> {
        Ok(match self {
            Self::Sqlite(engine) => Held::Sqlite(engine.hold_with_others().await?),
            Self::Postgres(engine) => Held::Postgres(engine.hold_with_others().await?),
        })
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.close().await,
            Self::Postgres(engine) => {
                engine.close();
                Ok(())
            }
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
            Self::Postgres(engine) => engine.write(|tx| change(EngineTx::Postgres(tx))).await,
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
            Self::Postgres(engine) => engine.snapshot(|tx| read(EngineTx::Postgres(tx))).await,
        }
    }
}

impl Held {
    /// Gives it back.
    pub(crate) async fn release(self) {
        match self {
            Self::Sqlite(file) => drop(file),
            Self::Postgres(lock) => lock.release().await,
        }
    }
}

impl EngineTx {
    /// Whether writers come one after the other, so that a transaction may keep what all of them change.
    pub(crate) fn is_only_writer(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        match self {
            Self::Sqlite(_) => sql.sqlite(),
            Self::Postgres(_) => sql.postgres(),
        }
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(tx) => tx.run(&sql, &params),
            Self::Postgres(tx) => tx.run(sql.postgres(), &params).await,
        }
    }

    /// Leaves a statement for the end of the transaction, where the engine has a text for it.
    pub(crate) async fn defer(&self, sql: Sql, params: Vec<Value>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) if !sql.sqlite().is_empty() => tx.defer(sql, params),
            Self::Postgres(tx) if !sql.postgres().is_empty() => {
                tx.run(sql.postgres(), &params).await.map(drop)
            }
            Self::Sqlite(_) | Self::Postgres(_) => Ok(()),
        }
    }

    /// Runs a text of several statements, without a limit of time: migrations.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.batch(sql),
            Self::Postgres(tx) => tx.batch(sql).await,
        }
    }
}

/// What the caller of a closure that panicked is told.
fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied();
    let text =
        text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    StoreError::Engine(format!("the closure of a transaction panicked: {text}").into())
}
