//! Ends statements that run too long or that nobody waits for any more.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;

/// How many steps of SQLite's virtual machine pass between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 2_000;

/// What the running statement of one connection is measured against.
#[derive(Default)]
pub(super) struct Watch {
    current: Mutex<Option<Current>>,
}

/// The limits of one statement.
struct Current {
    deadline: Instant,
    caller: Option<Caller>,
}

/// Held by a job; tells whether the future that asked for it still lives.
#[derive(Clone)]
pub(super) struct Caller(Weak<()>);

/// Held by the asking future; dropping it is hanging up.
pub(super) struct Waiting(Arc<()>);

impl Waiting {
    pub(super) fn new() -> Self {
        Self(Arc::new(()))
    }

    /// The other end, for the job.
    pub(super) fn caller(&self) -> Caller {
        Caller(Arc::downgrade(&self.0))
    }
}

impl Caller {
    pub(super) fn has_hung_up(&self) -> bool {
        self.0.strong_count() == 0
    }
}

impl Watch {
    /// Makes a watch that the connection asks while statements run.
    ///
    /// A progress handler rather than an interrupt handle: it looks at the statement that runs now, so an
    /// interruption can never hit the one that comes next.
    pub(super) fn over(connection: &mut Connection) -> rusqlite::Result<Arc<Self>> {
        let watch = Arc::new(Self::default());
        let seen = Arc::clone(&watch);
        connection.progress_handler(STEPS, Some(move || seen.is_over()))?;
        Ok(watch)
    }

    /// Runs a statement under its limits.
    pub(super) fn during<T>(
        &self,
        limit: Duration,
        caller: Option<Caller>,
        run: impl FnOnce() -> T,
    ) -> T {
        *self.current.lock() = Some(Current { deadline: Instant::now() + limit, caller });
        let answer = run();
        *self.current.lock() = None;
        answer
    }

    fn is_over(&self) -> bool {
        self.current.lock().as_ref().is_some_and(|current| {
            current.caller.as_ref().is_some_and(Caller::has_hung_up)
                || Instant::now() >= current.deadline
        })
    }
}
