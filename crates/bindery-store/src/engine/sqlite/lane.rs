//! Threads with a connection each, fed by one queue: one lane for point reads, one for searches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use metrics::Histogram;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::queue::Queue;
use super::session::{Session, SharedSession};
use super::watch::{Caller, Waiting};
use super::work::check_outside;
use super::{closed, start_thread};
use crate::StoreError;
use crate::engine::panicked;

/// What the tasks of a lane do, which is also what its measurements are called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One statement each. Those that wait together are answered from one state of the database, opened after all of
    /// them were asked: opening and leaving one takes two system calls.
    Read,
    /// Several statements on a state that the task opens itself.
    Search,
}

impl Kind {
    /// How many of its tasks a thread takes at once.
    fn batch(self) -> usize {
        match self {
            Self::Read => 8,
            Self::Search => 1,
        }
    }

    /// How many may wait for a thread that is at work.
    fn patience(self) -> usize {
        match self {
            Self::Read => 4,
            Self::Search => 0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Search => "search",
        }
    }
}

/// The asking side of a lane.
pub(super) struct Lane {
    queue: Arc<Queue<Task>>,
    /// Looked up once: finding it costs more than a point read may.
    seconds: Histogram,
}

type Task = Box<dyn FnOnce(&SharedSession) + Send>;

impl Lane {
    /// Starts a thread for each session.
    pub(super) fn start(
        kind: Kind,
        sessions: Vec<Session>,
    ) -> Result<(Self, Vec<JoinHandle<()>>), StoreError> {
        let name = kind.name();
        let seconds = metrics::histogram!("bindery_database_seconds", "kind" => name);
        let length = metrics::gauge!("bindery_database_queue", "kind" => name);
        let queue = Arc::new(Queue::new(sessions.len(), kind.patience(), length));
        let threads = sessions.into_iter().enumerate().map(|(n, session)| {
            let queue = Arc::clone(&queue);
            start_thread(&format!("db-{name}-{n}"), move || work(kind, &queue, session))
        });
        let threads = threads.collect::<Result<_, _>>()?;
        Ok((Self { queue, seconds }, threads))
    }

    /// Runs the work on one of the threads, unless the caller hangs up before its turn comes.
    pub(super) async fn ask<T, E>(
        &self,
        work: impl FnOnce(&SharedSession, Caller) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        check_outside()?;
        let waiting = Waiting::new();
        let caller = waiting.caller();
        let asked = Instant::now();
        let seconds = self.seconds.clone();
        let (reply, answer) = oneshot::channel();
        let task = move |session: &SharedSession| {
            if caller.has_hung_up() {
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(session, caller)))
                .unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into()));
            seconds.record(asked.elapsed());
            // Nobody to take it: the caller hung up meanwhile.
            let _ = reply.send(done);
        };
        self.queue.push(Box::new(task)).map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Lets the threads end after what is queued already.
    pub(super) fn stop(&self) {
        self.queue.close();
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(kind: Kind, queue: &Queue<Task>, session: Session) {
    let session = Arc::new(Mutex::new(session));
    let mut batch = Vec::with_capacity(kind.batch());
    while queue.take(kind.batch(), &mut batch) {
        answer(&session, &mut batch);
    }
}

/// Runs tasks that were all asked before this.
fn answer(session: &SharedSession, batch: &mut Vec<Task>) {
    // A single one opens and leaves its state by itself. So do all when they cannot share one: they say why.
    let shares = batch.len() > 1 && session.lock().control("begin deferred").is_ok();
    for task in batch.drain(..) {
        task(session);
    }
    if shares {
        let mut session = session.lock();
        // Nothing was changed, so there is nothing that an error could lose.
        let _ = session.control("commit");
        if session.has_transaction() {
            let _ = session.control("rollback");
        }
    }
}
