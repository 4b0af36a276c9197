//! The handle on the database: reads, snapshots and the write transaction.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::engine::{Engine, EngineTx};
use crate::search::SearchMemory;
use crate::{Query, Row, Sql, StoreError, Value, dump, migrate, organizations};

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

/// How long the database may take, and how much memory.
#[derive(Debug, Clone, Copy)]
pub struct StoreLimits {
    /// For a statement of a point read or of a change.
    pub statement: Duration,
    /// For a statement of a snapshot.
    pub search: Duration,
    /// How long to wait for another process that writes.
    pub busy: Duration,
    /// Memory for pages that are changed, on SQLite. A bulk load that fills tables in no order wants more.
    pub write_cache_bytes: u32,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(30),
            search: Duration::from_secs(10),
            busy: Duration::from_secs(10),
            write_cache_bytes: 8 * 1024 * 1024,
        }
    }
}

/// The database of a server or a command. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    search_memory: Arc<SearchMemory>,
}

/// A transaction in progress: owned, cheap to clone, valid inside the closure of [`Store::write`] only.
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
        Self::open_with(settings, StoreLimits::default()).await
    }

    /// Opens the database with other limits than a server has: bulk loads that build indexes need more.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(
        settings: &StoreSettings,
        limits: StoreLimits,
    ) -> Result<Self, StoreError> {
        let engine = Engine::open(settings, limits).await?;
        Ok(Self { engine, search_memory: Arc::default() })
    }

    /// Runs the closure in one transaction and commits it; its answer is given only after the commit is durable.
    ///
    /// The closure may run again (a serialization failure, a broken connection), so it must not change
    /// anything but the database, and it awaits nothing but statements on its own transaction.
    /// An error of the closure rolls its changes back. So does an error of any of its statements, whatever the
    /// closure makes of it: ask before you write, a clash cannot be recovered from inside the transaction.
    /// Once begun it runs to its end, even if the caller hangs up.
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

    /// What searches of this database remember.
    pub(crate) fn search_memory(&self) -> &Arc<SearchMemory> {
        &self.search_memory
    }

    /// Tells whether the database answers.
    pub async fn is_reachable(&self) -> bool {
        let probe = Sql::Each {
            sqlite: "select 1 from sqlite_schema limit 1".into(),
            postgres: "select 1".into(),
        };
        self.query(probe, Vec::new()).await.is_ok()
    }

    /// Whether changes come one after the other. Where they do not, journal and counters are brought together by
    /// [`crate::journal::seal`], beside the writers.
    #[must_use]
    pub fn has_one_writer(&self) -> bool {
        self.engine.has_one_writer()
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The embedded database's file.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.engine.file()
    }

    /// The text that this database's engine runs.
    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        self.engine.text_of(sql)
    }

    /// Copies the database to a new SQLite file while it is in use: one consistent state, durable on return. A copy of a
    /// PostgreSQL database has no search tables until [`crate::dump::fill_search`].
    ///
    /// # Errors
    /// When the file exists already or cannot be written.
    pub async fn backup_to(&self, file: &Path) -> Result<(), StoreError> {
        if self.engine.backup_to(file).await? {
            return Ok(());
        }
        let copy = Self::open(&StoreSettings::Embedded { file: file.to_owned() }).await?;
        migrate::migrate(&copy).await?;
        // PostgreSQL's snapshots are read where they are asked for: so something else may be awaited in between.
        let to = copy.clone();
        let rows = |db: Snapshot| async move { dump::copy_rows(&db, &to).await };
        self.snapshot(rows).await?;
        copy.close().await
    }

    /// Takes over all rows of another database, which nobody changes meanwhile. This one must have no organization.
    ///
    /// # Errors
    /// [`StoreError::Schema`] when it has one; as the engines.
    pub async fn restore_from(&self, copy: &Self) -> Result<(), StoreError> {
        if !organizations::list(self).await?.is_empty() {
            return Err(StoreError::Schema(
                "the database has organizations already: name an empty one".into(),
            ));
        }
        dump::copy_rows(copy, self).await
    }

    /// Finishes what is queued, empties the log into the database and ends the threads. Later calls on any
    /// handle are refused.
    ///
    /// # Errors
    /// When a thread had panicked.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.engine.close().await
    }
}

impl Tx {
    /// Whether writers come one after the other, so that this transaction may keep what all of them change.
    pub(crate) fn is_only_writer(&self) -> bool {
        self.engine.is_only_writer()
    }

    /// The text that this database's engine runs.
    pub(crate) fn text_of<'a>(&self, sql: &'a Sql) -> &'a str {
        self.engine.text_of(sql)
    }

    /// Leaves a statement for the end of the transaction, which on SQLite serves a group of changes: what nobody reads
    /// before, and what is cheaper for many at once. An empty text is nothing to do on that engine.
    pub(crate) async fn defer(&self, sql: Sql, params: Vec<Value>) -> Result<(), StoreError> {
        self.engine.defer(sql, params).await
    }

    /// Runs a text of several statements, without a limit of time: migrations only.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.engine.batch(sql).await
    }
}

impl Query for Store {
    /// Runs one point read on the threads kept for them. Writes go through [`Store::write`].
    fn run(&self, sql: Sql, params: Vec<Value>) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(self.engine.query(sql, params))
    }
}

impl Query for Tx {
    fn run(&self, sql: Sql, params: Vec<Value>) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(self.engine.query(sql, params))
    }
}

impl Query for Snapshot {
    fn run(&self, sql: Sql, params: Vec<Value>) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(self.engine.query(sql, params))
    }
}
