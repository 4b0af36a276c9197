//! Threads with a connection each, fed by one channel: one lane for point reads, one for searches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, unbounded};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::session::{Session, SharedSession};
use super::watch::{Caller, Waiting};
use super::work::check_outside;
use super::{closed, start_thread};
use crate::StoreError;
use crate::engine::panicked;

/// The sending side of a lane.
pub(super) struct Lane {
    sender: Sender<Message>,
    threads: usize,
}

type Task = Box<dyn FnOnce(&SharedSession) + Send>;

enum Message {
    Task(Task),
    Stop,
}

impl Lane {
    /// Starts a thread for each session.
    pub(super) fn start(
        kind: &'static str,
        sessions: Vec<Session>,
    ) -> Result<(Self, Vec<JoinHandle<()>>), StoreError> {
        let (sender, receiver) = unbounded();
        let lane = Self { sender, threads: sessions.len() };
        let threads = sessions.into_iter().enumerate().map(|(n, session)| {
            let receiver = receiver.clone();
            start_thread(&format!("db-{kind}-{n}"), move || work(kind, &receiver, session))
        });
        Ok((lane, threads.collect::<Result<_, _>>()?))
    }

    /// Runs the work on one of the threads, unless the caller hangs up before its turn comes.
    pub(super) async fn ask<T, E>(
        &self,
        kind: &'static str,
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
        let (reply, answer) = oneshot::channel();
        let task = move |session: &SharedSession| {
            if caller.has_hung_up() {
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(|| work(session, caller)))
                .unwrap_or_else(|panic| Err(panicked(panic.as_ref()).into()));
            metrics::histogram!("bindery_database_seconds", "kind" => kind).record(asked.elapsed());
            // Nobody to take it: the caller hung up meanwhile.
            let _ = reply.send(done);
        };
        self.sender.send(Message::Task(Box::new(task))).map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Lets the threads end after what is queued already.
    pub(super) fn stop(&self) {
        for _ in 0..self.threads {
            // Gone already: then they have ended.
            let _ = self.sender.send(Message::Stop);
        }
    }
}

fn work(kind: &'static str, receiver: &Receiver<Message>, session: Session) {
    let session = Arc::new(Mutex::new(session));
    while let Ok(Message::Task(task)) = receiver.recv() {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a queue of 2^53 is none that anybody reads off a graph"
        )]
        metrics::gauge!("bindery_database_queue", "kind" => kind).set(receiver.len() as f64);
        task(&session);
    }
}
