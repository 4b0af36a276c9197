//! The closures that callers give us, as the threads see them.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::sync::oneshot;

use super::session::SqliteTx;
use crate::StoreError;
use crate::engine::panicked;

/// A change in the writer's queue.
pub(super) trait Work: Send {
    /// Whether its caller still waits.
    fn is_wanted(&self) -> bool;
    /// Runs the closure, maybe not for the first time; true when its changes are to be kept.
    fn run(&mut self, tx: SqliteTx) -> bool;
    /// Replaces the closure's answer.
    fn refuse(&mut self, error: StoreError);
    /// Sends the answer.
    fn answer(self: Box<Self>);
}

/// A closure of [`crate::Store::write`].
pub(super) struct Change<F, T, E> {
    change: F,
    asked: Instant,
    answer: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Change<F, T, E> {
    pub(super) fn new(change: F, reply: oneshot::Sender<Result<T, E>>) -> Self {
        Self { change, asked: Instant::now(), answer: None, reply }
    }
}

impl<F, Fut, T, E> Work for Change<F, T, E>
where
    F: Fn(SqliteTx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, E>>,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(&mut self, tx: SqliteTx) -> bool {
        let answer = finish(|| (self.change)(tx));
        self.answer.insert(answer).is_ok()
    }

    fn refuse(&mut self, error: StoreError) {
        self.answer = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        metrics::histogram!("bindery_database_seconds", "kind" => "write")
            .record(self.asked.elapsed());
        if let Some(answer) = self.answer {
            // Nobody to take it: the caller hung up meanwhile.
            let _ = self.reply.send(answer);
        }
    }
}

thread_local! {
    /// Whether a closure runs on this thread now.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Refuses what a closure may not do: ask the store itself. It might be answered in time, and then again not.
pub(super) fn check_outside() -> Result<(), StoreError> {
    if IS_INSIDE.get() { Err(StoreError::Engine(AWAITED_OTHER.into())) } else { Ok(()) }
}

const AWAITED_OTHER: &str =
    "the closure of a transaction awaited something other than its own statements";

/// Runs a closure's future to its end on this thread.
///
/// Statements on the closure's own transaction are ready at once. What is not ready waits for something
/// else, and the thread, with all who queue for it, would wait with it.
pub(super) fn finish<Fut, T, E>(begin: impl FnOnce() -> Fut) -> Result<T, E>
where
    Fut: Future<Output = Result<T, E>>,
    E: From<StoreError>,
{
    IS_INSIDE.set(true);
    let polled = catch_unwind(AssertUnwindSafe(|| {
        pin!(begin()).poll(&mut Context::from_waker(Waker::noop()))
    }));
    IS_INSIDE.set(false);
    match polled {
        Ok(Poll::Ready(answer)) => answer,
        Ok(Poll::Pending) => Err(StoreError::Engine(AWAITED_OTHER.into()).into()),
        Err(panic) => Err(panicked(panic.as_ref()).into()),
    }
}
