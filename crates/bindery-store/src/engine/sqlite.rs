//! The embedded engine.

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::{Row, Sql, StoreError, Value};

/// An open SQLite database.
#[derive(Clone)]
pub(crate) struct Sqlite {
    connection: Arc<Mutex<Connection>>,
}

/// Its transaction.
#[derive(Clone)]
pub(crate) struct SqliteTx {
    connection: Arc<Mutex<Connection>>,
}

impl Sqlite {
    pub(crate) fn open(file: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(file).map_err(engine_error)?;
        connection
            .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000;")
            .map_err(engine_error)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        run(&self.connection.lock(), &sql, params)
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.lock().execute_batch(sql).map_err(engine_error)
    }

    pub(crate) async fn write<F, Fut, T, E>(&self, change: F) -> Result<T, E>
    where
        F: Fn(SqliteTx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.within("begin immediate", change).await
    }

    pub(crate) async fn snapshot<F, Fut, T, E>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(SqliteTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.within("begin", read).await
    }

    async fn within<F, Fut, T, E>(&self, begin: &str, work: F) -> Result<T, E>
    where
        F: FnOnce(SqliteTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // A connection of its own for each transaction, until the writer thread comes.
        let file = self.connection.lock().path().map(str::to_owned).unwrap_or_default();
        let connection = Connection::open(file).map_err(engine_error)?;
        connection.execute_batch("pragma busy_timeout = 10000; pragma synchronous = full").map_err(engine_error)?;
        connection.execute_batch(begin).map_err(engine_error)?;
        let connection = Arc::new(Mutex::new(connection));
        let answer = work(SqliteTx { connection: connection.clone() }).await;
        let end = if answer.is_ok() { "commit" } else { "rollback" };
        connection.lock().execute_batch(end).map_err(engine_error)?;
        answer
    }
}

impl SqliteTx {
    pub(crate) fn run(&self, sql: &Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        run(&self.connection.lock(), sql, params)
    }
}

fn run(connection: &Connection, sql: &Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql.sqlite()).map_err(engine_error)?;
    for (n, param) in params.into_iter().enumerate() {
        let Some(index) = statement.parameter_index(&format!("${}", n + 1)).map_err(engine_error)? else { continue };
        match param {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Value::Int(value) => statement.raw_bind_parameter(index, value),
            Value::Real(value) => statement.raw_bind_parameter(index, value),
            Value::Text(value) => statement.raw_bind_parameter(index, value),
            Value::Bytes(value) => statement.raw_bind_parameter(index, value),
        }
        .map_err(engine_error)?;
    }
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut answer = Vec::new();
    while let Some(row) = rows.next().map_err(engine_error)? {
        let values = (0..columns).map(|column| row.get_ref(column).map(owned));
        answer.push(Row::new(values.collect::<Result<_, _>>().map_err(engine_error)?));
    }
    Ok(answer)
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
    }
}

fn engine_error(error: rusqlite::Error) -> StoreError {
    if let rusqlite::Error::SqliteFailure(code, message) = &error {
        match code.code {
            rusqlite::ErrorCode::DatabaseBusy => return StoreError::Busy(error.to_string()),
            rusqlite::ErrorCode::DiskFull => return StoreError::Full,
            rusqlite::ErrorCode::OperationInterrupted => return StoreError::Interrupted,
            rusqlite::ErrorCode::ConstraintViolation => {
                return StoreError::Unique(message.clone().unwrap_or_default());
            }
            _ => {}
        }
    }
    StoreError::Engine(Box::new(error))
}
