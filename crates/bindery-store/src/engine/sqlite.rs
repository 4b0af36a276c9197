//! The embedded engine: one thread that writes, two for point reads, two for searches, one for checkpoints.

mod backup;
mod checkpoint;
mod constraints;
mod failure;
mod lane;
mod lock;
mod queue;
mod session;
mod watch;
mod work;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, unbounded};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use self::checkpoint::Checkpoints;
use self::lane::{Kind, Lane};
pub(crate) use self::session::SqliteTx;
use self::session::{Purpose, Session};
use self::watch::Waiting;
use self::work::{Change, check_outside, finish};
use self::writer::{Message, Writer};
use crate::{Row, Sql, StoreError, StoreLimits, Value};

/// How many threads answer point reads.
const READERS: usize = 2;
/// How many run searches and other snapshots.
const SEARCHERS: usize = 2;

/// An open SQLite database. Its threads end when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Sqlite {
    shared: Arc<Shared>,
}

struct Shared {
    file: PathBuf,
    limits: StoreLimits,
    reads: Lane,
    searches: Lane,
    changes: Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    pub(crate) fn open(file: &Path, limits: StoreLimits) -> Result<Self, StoreError> {
        let session = |purpose| Session::open(file, purpose, &limits);
        let mut writer = session(Purpose::Write)?;
        let sessions =
            |count| (0..count).map(|_| session(Purpose::Read)).collect::<Result<Vec<_>, _>>();
        let (reads, readers) = Lane::start(Kind::Read, sessions(READERS)?)?;
        let (searches, searchers) = Lane::start(Kind::Search, sessions(SEARCHERS)?)?;
        let (checkpoints, checkpointer) =
            Checkpoints::start(&mut writer, session(Purpose::Write)?)?;
        let (changes, receiver) = unbounded();
        let writer = Writer::new(writer, receiver, limits.statement, checkpoints);
        let writer = start_thread("db-write", move || writer.work())?;
        let threads = readers.into_iter().chain(searchers).chain([checkpointer, writer]);
        let threads = Mutex::new(threads.collect());
        let shared = Shared { file: file.to_owned(), limits, reads, searches, changes, threads };
        Ok(Self { shared: Arc::new(shared) })
    }

    pub(crate) fn file(&self) -> &Path {
        &self.shared.file
    }

    pub(crate) async fn query(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let limit = self.shared.limits.statement;
        let read = move |session: &session::SharedSession, caller| {
            session.lock().run(&sql, &params, limit, Some(caller))
        };
        self.shared.reads.ask(read).await
    }

    pub(crate) async fn write<F, Fut, T, E>(&self, change: F) -> Result<T, E>
    where
        F: Fn(SqliteTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        check_outside()?;
        let (reply, answer) = oneshot::channel();
        let change = Box::new(Change::new(change, reply));
        self.shared.changes.send(Message::Change(change)).map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    pub(crate) async fn snapshot<F, Fut, T, E>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(SqliteTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let limit = self.shared.limits.search;
        let search = move |session: &session::SharedSession, caller| {
            session.lock().control("begin deferred")?;
            let tx = Session::enter(session, limit, Some(caller));
            let answer = finish(|| read(tx));
            let mut session = session.lock();
            let left = session.leave();
            if session.has_transaction() {
                session.control("rollback")?;
            }
            let answer = answer?;
            left?;
            Ok(answer)
        };
        self.shared.searches.ask(search).await
    }

    pub(crate) async fn backup_to(&self, to: &Path) -> Result<(), StoreError> {
        let (from, to) = (self.shared.file.clone(), to.to_owned());
        let waiting = Waiting::new();
        let caller = waiting.caller();
        let (reply, answer) = oneshot::channel();
        start_thread("db-backup", move || {
            // Nobody to take it: the caller hung up, and the copy is gone.
            let _ = reply.send(backup::copy(&from, &to, &caller));
        })?;
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Engine("the copying thread ended early".into())))
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.shared.reads.stop();
        self.shared.searches.stop();
        // Gone already: then it has ended.
        let _ = self.shared.changes.send(Message::Stop);
        let threads = std::mem::take(&mut *self.shared.threads.lock());
        let (reply, answer) = oneshot::channel();
        start_thread("db-close", move || {
            let panics = threads.into_iter().map(JoinHandle::join).filter(Result::is_err).count();
            // Nobody to take it: the caller hung up; the threads end all the same.
            let _ = reply.send(panics);
        })?;
        match answer.await {
            Ok(0) => Ok(()),
            _ => Err(StoreError::Engine("a thread of the database ended by a panic".into())),
        }
    }
}

fn start_thread(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StoreError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map_err(|error| StoreError::Engine(Box::new(error)))
}

fn closed() -> StoreError {
    StoreError::Busy("it has been closed".into())
}
