//! A transaction or snapshot as its closure holds it.

use std::sync::Arc;

use parking_lot::Mutex;

use super::connection::Connection;
use super::engine_error;
use super::failure::Failed;
use crate::{Row, StoreError, Value};

/// Owned and cheap to clone; of no use once its closure has ended.
#[derive(Clone)]
pub(crate) struct PostgresTx {
    state: Arc<Mutex<State>>,
}

struct State {
    /// None when the closure has ended.
    connection: Option<Arc<Connection>>,
    /// A statement failed: PostgreSQL answers nothing more in this transaction.
    broken: Option<Broken>,
}

#[derive(Clone, Copy)]
struct Broken {
    may_retry: bool,
    is_broken: bool,
}

impl PostgresTx {
    pub(super) fn new(connection: &Arc<Connection>) -> Self {
        let state = State { connection: Some(Arc::clone(connection)), broken: None };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    pub(crate) async fn run(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection()?;
        let answer = connection.run(sql, params).await;
        self.note(answer)
    }

    /// Runs a text of several statements, without a limit of time.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let connection = self.connection()?;
        let answer = async {
            connection.batch("set local statement_timeout = 0").await?;
            connection.batch(sql).await
        };
        let answer = answer.await;
        self.note(answer)
    }

    /// Ends its use, and tells whether a statement had failed.
    pub(super) fn end(&self) -> Result<(), Failed> {
        let mut state = self.state.lock();
        state.connection = None;
        match state.broken {
            Some(Broken { may_retry, is_broken }) => {
                Err(Failed { error: broken(), may_retry, is_broken })
            }
            None => Ok(()),
        }
    }

    fn connection(&self) -> Result<Arc<Connection>, StoreError> {
        let state = self.state.lock();
        if state.broken.is_some() {
            return Err(broken());
        }
        state
            .connection
            .clone()
            .ok_or_else(|| engine_error("a transaction was used outside of its closure"))
    }

    fn note<T>(&self, answer: Result<T, Failed>) -> Result<T, StoreError> {
        answer.map_err(|failed| {
            let Failed { error, may_retry, is_broken } = failed;
            self.state.lock().broken = Some(Broken { may_retry, is_broken });
            error
        })
    }
}

fn broken() -> StoreError {
    engine_error("an earlier statement of the transaction failed")
}
