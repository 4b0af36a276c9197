//! The engine for several servers: a pool of connections to one PostgreSQL.

mod connection;
mod failure;
mod lock;
mod password_file;
mod pulse;
mod target;
mod transaction;
mod values;

use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::FutureExt;
use tokio_postgres_rustls::MakeRustlsConnect;

use self::connection::Connection;
use self::failure::Failed;
pub(crate) use self::lock::SessionLock;
use self::pulse::Pulse;
use self::target::Target;
pub(crate) use self::transaction::PostgresTx;
use super::panicked;
use crate::{Row, Sql, StoreError, StoreLimits, Value};

/// Connections of one server at most.
const CONNECTIONS: usize = 16;
/// How often a statement or a transaction is tried before its caller is told to come back later.
const TRIES: u32 = 5;
/// The oldest release that is supported, as the server numbers them.
const OLDEST: i64 = 150_000;

/// A pool of connections.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    tls: MakeRustlsConnect,
    pulse: Pulse,
    limits: StoreLimits,
}

/// How one try of a transaction ended.
enum Try<T, E> {
    Answered(Result<T, E>),
    /// Nothing was changed, and another try may succeed where this one failed.
    Again(E),
}

impl Postgres {
    pub(crate) async fn open(url: &str, limits: StoreLimits) -> Result<Self, StoreError> {
        let Target { mut config, tls } = Target::parse(url)?;
        if config.get_application_name().is_none() {
            config.application_name("bindery");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(limits.busy);
        }
        // Reads are held to reading; a transaction of `write` says that it writes.
        let own = format!(
            "-c default_transaction_read_only=on -c statement_timeout={}",
            limits.statement.as_millis()
        );
        config.options(match config.get_options() {
            Some(given) => format!("{given} {own}"),
            None => own,
        });
        let pulse = Pulse::of(config.clone(), tls.clone());
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, tls.clone(), manager))
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(limits.busy))
            .create_timeout(Some(limits.busy))
            .build()
            .map_err(|error| StoreError::Engine(Box::new(error)))?;
        let engine = Self { pool, tls, pulse, limits };
        let version = "select cast(current_setting('server_version_num') as bigint)";
        let mut rows = engine.query(version.into(), Vec::new()).await?;
        let version: i64 = rows.pop().ok_or(StoreError::Column(0))?.take(0)?;
        if version < OLDEST {
            let (has, needs) = (version / 10_000, OLDEST / 10_000);
            return Err(StoreError::Schema(format!(
                "PostgreSQL {has} is too old: at least {needs} is needed"
            )));
        }
        Ok(engine)
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let asked = Instant::now();
        let mut tries = 1;
        let answer = loop {
            match self.query_once(&sql, &params).await {
                Err(failed) if failed.may_retry && tries < TRIES => pause(tries).await,
                answer => break answer.map_err(|failed| failed.error),
            }
            tries += 1;
        };
        metrics::histogram!("bindery_database_seconds", "kind" => "read").record(asked.elapsed());
        answer
    }

    async fn query_once(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, Failed> {
        let connection = self.connection().await?;
        let answer = connection.run(sql.postgres(), params).await;
        connection.end(&answer);
        answer
    }

    pub(crate) async fn write<F, Fut, T, E>(&self, change: F) -> Result<T, E>
    where
        F: Fn(PostgresTx) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: From<StoreError> + Send,
    {
        let asked = Instant::now();
        let mut tries = 1;
        let answer = loop {
            match self.write_once(&change).await {
                Try::Answered(answer) => break answer,
                Try::Again(error) if tries == TRIES => break Err(error),
                Try::Again(_) => pause(tries).await,
            }
            tries += 1;
        };
        metrics::histogram!("bindery_database_seconds", "kind" => "write").record(asked.elapsed());
        answer
    }

    async fn write_once<F, Fut, T, E>(&self, change: &F) -> Try<T, E>
    where
        F: Fn(PostgresTx) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: From<StoreError> + Send,
    {
        let begun = self.begin("begin isolation level read committed, read write").await;
        let connection = match begun {
            Ok(connection) => connection,
            Err(failed) if failed.may_retry => return Try::Again(failed.error.into()),
            Err(failed) => return Try::Answered(Err(failed.error.into())),
        };
        let tx = PostgresTx::new(&connection);
        let answer = finish(|| change(tx.clone())).await;
        let left = tx.end();
        let (error, may_retry) = match (answer, left) {
            (Ok(answer), Ok(())) => match connection.commit().await {
                Ok(()) => return Try::Answered(Ok(answer)),
                Err(failed) => (failed.error.into(), failed.may_retry),
            },
            (Ok(_), Err(failed)) => (failed.error.into(), failed.may_retry),
            (Err(error), left) => (error, left.is_err_and(|failed| failed.may_retry)),
        };
        connection.roll_back().await;
        if may_retry { Try::Again(error) } else { Try::Answered(Err(error)) }
    }

    pub(crate) async fn snapshot<F, Fut, T, E>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(PostgresTx) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: From<StoreError> + Send,
    {
        let asked = Instant::now();
        let limit = self.limits.search.as_millis();
        let begin = format!(
            "begin isolation level repeatable read, read only; set local statement_timeout = {limit}; \
             set local plan_cache_mode = force_custom_plan"
        );
        let connection = self.begin(&begin).await.map_err(|failed| failed.error)?;
        let tx = PostgresTx::new(&connection);
        let answer = finish(|| read(tx.clone())).await;
        let left = tx.end();
        connection.roll_back().await;
        metrics::histogram!("bindery_database_seconds", "kind" => "search").record(asked.elapsed());
        let answer = answer?;
        left.map_err(|failed| failed.error)?;
        Ok(answer)
    }

    pub(crate) async fn try_hold_alone(&self) -> Result<Option<SessionLock>, StoreError> {
        let connection = self.connection().await.map_err(|failed| failed.error)?;
        SessionLock::try_alone(connection).await.map_err(|failed| failed.error)
    }

    pub(crate) async fn hold_with_others(&self) -> Result<SessionLock, StoreError> {
        let connection = self.connection().await.map_err(|failed| failed.error)?;
        SessionLock::with_others(connection).await.map_err(|failed| failed.error)
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn connection(&self) -> Result<Connection, Failed> {
        let client = async { self.pool.get().await.map_err(Failed::without_connection) };
        let client = self.pulse.during(client).await?;
        Ok(Connection::new(client, self.tls.clone(), self.pulse.clone()))
    }

    async fn begin(&self, begin: &str) -> Result<Arc<Connection>, Failed> {
        let connection = self.connection().await?;
        connection.batch(begin).await?;
        Ok(Arc::new(connection))
    }
}

/// Runs a closure's future; a panic is an error of its own, as with the embedded engine.
async fn finish<Fut, T, E>(begin: impl FnOnce() -> Fut) -> Result<T, E>
where
    Fut: Future<Output = Result<T, E>>,
    E: From<StoreError>,
{
    let run = AssertUnwindSafe(async { begin().await }).catch_unwind().await;
    run.unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into()))
}

/// Waits a little longer before each further try, so that those who met do not meet again.
async fn pause(tries: u32) {
    tokio::time::sleep(Duration::from_millis(5 << tries)).await;
}

fn engine_error(error: impl Display) -> StoreError {
    StoreError::Engine(error.to_string().into())
}
