//! One connection out of the pool.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::{Client, Object};
use futures_util::TryStreamExt;
use tokio::runtime::Handle;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::Failed;
use super::pulse::Pulse;
use crate::{Row, Value};

/// How long the server is asked to stop.
const CANCELLING: Duration = Duration::from_secs(5);

/// A connection in use. Dropped in the middle of its work, it is closed instead of going back to the pool,
/// and the server is told to stop.
pub(super) struct Connection {
    client: Option<Client>,
    /// How the server is told to stop.
    tls: MakeRustlsConnect,
    pulse: Pulse,
    is_idle: AtomicBool,
}

impl Connection {
    pub(super) fn new(client: Client, tls: MakeRustlsConnect, pulse: Pulse) -> Self {
        Self { client: Some(client), tls, pulse, is_idle: AtomicBool::new(true) }
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("taken out only when dropped")
    }

    /// Runs one statement. Parameters have the types of their values, so that `select $1` answers what it
    /// was given; a null takes the type that the statement wants.
    pub(super) async fn run(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Failed> {
        self.is_idle.store(false, Ordering::Relaxed);
        self.pulse.during(self.ask(sql, params)).await
    }

    async fn ask(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Failed> {
        let types = params.iter().map(Value::postgres_type).collect::<Vec<Type>>();
        let statement = self.client().prepare_typed_cached(sql, &types).await?;
        let params = params.iter().map(|value| value as &(dyn ToSql + Sync));
        let rows = self.client().query_raw(&statement, params).await?;
        let rows = rows.map_err(Failed::from).and_then(async |row| {
            let columns = (0..row.len()).map(|column| row.try_get::<_, Value>(column));
            Ok(Row::new(columns.collect::<Result<_, _>>()?))
        });
        rows.try_collect().await
    }

    /// Runs a text of several statements.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), Failed> {
        self.is_idle.store(false, Ordering::Relaxed);
        self.pulse.during(async { Ok(self.client().batch_execute(sql).await?) }).await
    }

    /// Notes that a statement outside of a transaction has ended: one that failed has ended, too, as long as
    /// the connection still stands.
    pub(super) fn end<T>(&self, answer: &Result<T, Failed>) {
        let is_over = answer.as_ref().err().is_none_or(|failed| !failed.is_broken);
        self.is_idle.store(is_over, Ordering::Relaxed);
    }

    pub(super) async fn commit(&self) -> Result<(), Failed> {
        let answer = self.batch("commit").await;
        self.end(&answer);
        // A connection that breaks here leaves open whether the commit was made: trying again could do it twice.
        answer
            .map_err(|failed| Failed { may_retry: failed.may_retry && !failed.is_broken, ..failed })
    }

    /// Undoes the transaction; where that fails, closing the connection does it.
    pub(super) async fn roll_back(&self) {
        let answer = self.batch("rollback").await;
        self.is_idle.store(answer.is_ok(), Ordering::Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_idle.load(Ordering::Relaxed) {
            return;
        }
        let client = Object::take(client);
        if let Ok(runtime) = Handle::try_current() {
            let (token, tls) = (client.cancel_token(), self.tls.clone());
            runtime.spawn(async move {
                // Unheard, the statement ends at its time limit.
                let _ = tokio::time::timeout(CANCELLING, token.cancel_query(tls)).await;
                drop(client);
            });
        }
    }
}
