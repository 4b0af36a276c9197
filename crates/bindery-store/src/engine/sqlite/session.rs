//! One connection with what belongs to it: the limits of its statements, the places of their parameters,
//! the transaction that runs on it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement};

use super::constraints::Constraints;
use super::failure::{Failure, explain};
use super::watch::{Caller, Watch};
use crate::{Row, Sql, StoreError, StoreLimits, Value};

/// Statements that one closure may leave for later: those of a whole binder would fill the memory.
const MOST_DEFERRED: usize = 512;

/// A session that the future of a closure can hold while its thread polls it.
pub(super) type SharedSession = Arc<Mutex<Session>>;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Purpose {
    /// Changes: the one connection that may.
    Write,
    /// Point reads and searches.
    Read,
}

/// An open connection.
pub(super) struct Session {
    pub(super) connection: Connection,
    folder: PathBuf,
    watch: Arc<Watch>,
    constraints: Constraints,
    /// For each text, which of the caller's values goes to each of SQLite's parameters.
    places: HashMap<Box<str>, Arc<[usize]>>,
    turn: u64,
    open: Option<Turn>,
    /// Texts of several statements that were run.
    batches: u64,
}

/// A statement that runs at the end of its transaction, and what is bound to it.
pub(super) type Deferred = (Sql, Vec<Value>);

/// What holds for the statements of the closure that runs now.
struct Turn {
    number: u64,
    limit: Duration,
    caller: Option<Caller>,
    /// A statement failed: as on PostgreSQL, nothing more can be done in this transaction.
    is_broken: bool,
    deferred: Vec<Deferred>,
}

/// A transaction or snapshot as its closure holds it.
#[derive(Clone)]
pub(crate) struct SqliteTx {
    session: SharedSession,
    number: u64,
}

impl Session {
    pub(super) fn open(
        file: &Path,
        purpose: Purpose,
        limits: &StoreLimits,
    ) -> Result<Self, StoreError> {
        let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
        let mut constraints = Constraints::default();
        Self::connect(file, purpose, limits)
            .map(|(connection, watch)| Self {
                connection,
                folder: folder.clone(),
                watch,
                constraints: Constraints::default(),
                places: HashMap::new(),
                turn: 0,
                open: None,
                batches: 0,
            })
            .map_err(|error| explain(error.into(), None, &mut constraints, &folder))
    }

    fn connect(
        file: &Path,
        purpose: Purpose,
        limits: &StoreLimits,
    ) -> rusqlite::Result<(Connection, Arc<Watch>)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(file, flags)?;
        wait_politely(&mut connection, limits.busy)?;
        // Plans must not look at the values of parameters: a statement whose plan did is prepared again at every call.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(match purpose {
            // The limit gives the disk space of a long bulk load's log back.
            Purpose::Write => {
                "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
                 pragma trusted_schema = off; pragma journal_size_limit = 67108864;"
            }
            // Pages come from the map of the file, which is no memory of ours; the cache serves the log alone.
            Purpose::Read => {
                "pragma query_only = on; pragma trusted_schema = off; pragma cache_size = -1024;
                 pragma mmap_size = 2147418112;"
            }
        })?;
        if purpose == Purpose::Write {
            // What a failed statement would need to be undone: in a file, every transaction would make one and remove it.
            connection.pragma_update(None, "temp_store", "memory")?;
            // Negative: in KiB.
            let kib = i64::from(limits.write_cache_bytes / 1024);
            connection.pragma_update(None, "cache_size", -kib)?;
        }
        connection.set_prepared_statement_cache_capacity(match purpose {
            Purpose::Write => 128,
            Purpose::Read => 64,
        });
        let watch = Watch::over(&mut connection)?;
        Ok((connection, watch))
    }

    /// Runs one statement.
    pub(super) fn run(
        &mut self,
        sql: &Sql,
        params: &[Value],
        limit: Duration,
        caller: Option<Caller>,
    ) -> Result<Vec<Row>, StoreError> {
        let watch = Arc::clone(&self.watch);
        let answer = watch.during(limit, caller, || {
            step(&self.connection, &mut self.places, sql.sqlite(), params)
        });
        answer.map_err(|failure| self.explain(failure))
    }

    /// Runs a statement that begins, marks or ends a transaction.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        let answer =
            self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        answer.map(|_| ()).map_err(|error| self.explain(error.into()))
    }

    /// Whether the transaction that was begun is still there: some failures end it as a whole.
    pub(super) fn has_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// A number that rises with whatever statements change.
    pub(super) fn changes(&self) -> u64 {
        self.connection.total_changes() + self.batches
    }

    /// Opens the session for the statements of one closure.
    pub(super) fn enter(
        shared: &SharedSession,
        limit: Duration,
        caller: Option<Caller>,
    ) -> SqliteTx {
        let mut session = shared.lock();
        session.turn += 1;
        let number = session.turn;
        session.open = Some(Turn { number, limit, caller, is_broken: false, deferred: Vec::new() });
        SqliteTx { session: Arc::clone(shared), number }
    }

    /// Ends what [`Session::enter`] began and returns what the closure left for the end of the transaction.
    ///
    /// # Errors
    /// When a statement failed, whatever the closure made of it.
    pub(super) fn leave(&mut self) -> Result<Vec<Deferred>, StoreError> {
        match self.open.take() {
            Some(Turn { is_broken: true, .. }) => Err(broken()),
            Some(turn) => Ok(turn.deferred),
            None => Ok(Vec::new()),
        }
    }

    fn explain(&mut self, failure: Failure) -> StoreError {
        explain(failure, Some(&self.connection), &mut self.constraints, &self.folder)
    }

    fn turn(&mut self, number: u64) -> Result<&mut Turn, StoreError> {
        match &mut self.open {
            Some(turn) if turn.number == number => Ok(turn),
            _ => Err(StoreError::Engine("a transaction was used outside of its closure".into())),
        }
    }
}

impl SqliteTx {
    pub(crate) fn run(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut session = self.session.lock();
        let turn = session.turn(self.number)?;
        if turn.is_broken {
            return Err(broken());
        }
        let (limit, caller) = (turn.limit, turn.caller.clone());
        let answer = session.run(sql, params, limit, caller);
        session.turn(self.number)?.is_broken = answer.is_err();
        answer
    }

    /// Leaves a statement for the end of the transaction.
    pub(crate) fn defer(&self, sql: Sql, params: Vec<Value>) -> Result<(), StoreError> {
        let mut session = self.session.lock();
        let turn = session.turn(self.number)?;
        turn.deferred.push((sql, params));
        if turn.deferred.len() < MOST_DEFERRED {
            return Ok(());
        }
        let deferred = std::mem::take(&mut turn.deferred);
        drop(session);
        deferred.iter().try_for_each(|(sql, params)| self.run(sql, params).map(drop))
    }

    /// Runs a text of several statements, without a limit of time.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let mut session = self.session.lock();
        session.turn(self.number)?;
        session.batches += 1;
        let answer =
            session.connection.execute_batch(sql).map_err(|error| session.explain(error.into()));
        session.turn(self.number)?.is_broken |= answer.is_err();
        answer
    }
}

fn broken() -> StoreError {
    StoreError::Engine("an earlier statement of the transaction failed".into())
}

/// Waits for other processes' locks in short naps.
///
/// SQLite's own handler naps up to 100 ms; beside a busy server, which leaves gaps of microseconds between
/// its transactions, a command would hardly ever hit one.
fn wait_politely(connection: &mut Connection, limit: Duration) -> rusqlite::Result<()> {
    let mut since = Instant::now();
    connection.busy_handler(Some(move |naps: i32| {
        if naps == 0 {
            since = Instant::now();
        }
        let may_wait = since.elapsed() < limit;
        if may_wait {
            // Not a whole number of milliseconds, so as not to fall into step with the other's rhythm.
            std::thread::sleep(Duration::from_micros(
                300 + u64::from(naps.unsigned_abs() % 7) * 190,
            ));
        }
        may_wait
    }))
}

fn step(
    connection: &Connection,
    places: &mut HashMap<Box<str>, Arc<[usize]>>,
    sql: &str,
    params: &[Value],
) -> Result<Vec<Row>, Failure> {
    let mut statement = connection.prepare_cached(sql)?;
    for (n, place) in places_of(&statement, places, sql)?.iter().enumerate() {
        let value = params.get(*place).ok_or_else(|| {
            StoreError::Engine(
                format!("${} has no value: {} were given", place + 1, params.len()).into(),
            )
        })?;
        match value {
            Value::Null => statement.raw_bind_parameter(n + 1, Null),
            Value::Int(value) => statement.raw_bind_parameter(n + 1, value),
            Value::Real(value) => statement.raw_bind_parameter(n + 1, value),
            Value::Text(value) => statement.raw_bind_parameter(n + 1, value),
            Value::Bytes(value) => statement.raw_bind_parameter(n + 1, value),
        }?;
    }
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(owned(row.get_ref(column)?)?);
        }
        answer.push(Row::new(values));
    }
    Ok(answer)
}

/// Which value each parameter takes: SQLite reads `$2` as a name and numbers parameters by first appearance.
fn places_of(
    statement: &Statement<'_>,
    places: &mut HashMap<Box<str>, Arc<[usize]>>,
    sql: &str,
) -> Result<Arc<[usize]>, StoreError> {
    if let Some(known) = places.get(sql) {
        return Ok(Arc::clone(known));
    }
    let found = (1..=statement.parameter_count()).map(|index| {
        let name = statement.parameter_name(index).unwrap_or("?");
        let number = name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok());
        number.and_then(|number| number.checked_sub(1)).ok_or_else(|| {
            StoreError::Engine(
                format!("{name} is not a parameter: they are $1, $2 and so on").into(),
            )
        })
    });
    let found = found.collect::<Result<Arc<[usize]>, _>>()?;
    // Texts that are put together for each search could be without end.
    if places.len() >= 1_000 {
        places.clear();
    }
    places.insert(sql.into(), Arc::clone(&found));
    Ok(found)
}

fn owned(value: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(value) => Value::Text(
            String::from_utf8(value.to_vec())
                .map_err(|_| StoreError::Corrupt("text that is not UTF-8".into()))?,
        ),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
    })
}
