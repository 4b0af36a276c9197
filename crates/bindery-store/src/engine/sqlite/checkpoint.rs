//! Moving committed pages from the log into the database file without holding up the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::{Condvar, Mutex};

use super::session::Session;
use super::start_thread;
use crate::StoreError;

/// How many pages the log gains between two checkpoints: 16 MiB. A page that many commits change is then written to the
/// file once for all of them, and the file is synced less often.
const EVERY_PAGES: i32 = 4_000;
/// From this many on the writer checkpoints itself, after the thread has done the most of it: beside a writer that never
/// pauses, the log could not begin anew, since there would always be a page that is not in the file yet. 64 MiB.
const OWN_FROM_PAGES: i32 = 16_000;
/// From this many on the writer waits for the thread: on a slow disk it would run away from it. 80 MiB.
const MOST_PAGES: i32 = 20_000;

/// The writer's view of the checkpoints.
pub(super) struct Checkpoints {
    /// Pages in the log after the last commit.
    pages: Arc<AtomicI32>,
    at_last: i32,
    busy: Arc<Busy>,
    /// The writer's own checkpoint follows the thread's.
    is_own_due: bool,
    wake: Option<Sender<()>>,
}

/// Whether the thread is at work.
#[derive(Default)]
struct Busy {
    is_busy: Mutex<bool>,
    ended: Condvar,
}

impl Busy {
    fn begin(&self) {
        *self.is_busy.lock() = true;
    }

    fn end(&self) {
        *self.is_busy.lock() = false;
        self.ended.notify_all();
    }

    fn is_busy(&self) -> bool {
        *self.is_busy.lock()
    }

    fn wait(&self) {
        self.ended.wait_while(&mut self.is_busy.lock(), |is_busy| *is_busy);
    }
}

impl Checkpoints {
    /// Starts the thread that checkpoints, and has the writer's connection count the log's pages instead.
    pub(super) fn start(
        writer: &mut Session,
        own: Session,
    ) -> Result<(Self, JoinHandle<()>), StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        let hook = move |_: &mut rusqlite::hooks::Wal, now: i32| {
            seen.store(now, Ordering::Relaxed);
            Ok(())
        };
        writer
            .connection
            .wal_hook(Some(hook))
            .map_err(|error| StoreError::Engine(Box::new(error)))?;
        let (wake, woken) = bounded(1);
        let busy = Arc::<Busy>::default();
        let its = Arc::clone(&busy);
        let thread = start_thread("db-checkpoint", move || work(&woken, &its, own))?;
        Ok((Self { pages, at_last: 0, busy, is_own_due: false, wake: Some(wake) }, thread))
    }

    /// Looks at the log after a commit.
    pub(super) fn after_commit(&mut self, writer: &mut Session) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.at_last {
            // It began anew.
            self.at_last = 0;
        }
        if self.is_own_due && !self.busy.is_busy() {
            self.is_own_due = false;
            checkpoint(writer, "passive");
        }
        if pages - self.at_last < EVERY_PAGES {
            return;
        }
        self.at_last = pages;
        if pages >= MOST_PAGES {
            self.busy.wait();
            self.is_own_due = false;
            return checkpoint(writer, "passive");
        }
        self.is_own_due = pages >= OWN_FROM_PAGES;
        if let Some(wake) = &self.wake {
            self.busy.begin();
            // Full: it has been told already.
            let _ = wake.try_send(());
        }
    }

    /// Empties the log when the store is closed.
    pub(super) fn finish(&mut self, writer: &mut Session) {
        self.wake = None;
        checkpoint(writer, "truncate");
    }
}

fn work(woken: &Receiver<()>, busy: &Busy, mut session: Session) {
    while woken.recv().is_ok() {
        checkpoint(&mut session, "passive");
        busy.end();
    }
}

fn checkpoint(session: &mut Session, mode: &str) {
    let done =
        session.connection.query_row(&format!("pragma wal_checkpoint({mode})"), [], |_| Ok(()));
    if let Err(error) = done {
        // Nothing is lost: what is committed stays in the log, and the next checkpoint takes it along.
        tracing::warn!(%error, "a checkpoint of the database failed: {error}");
    }
}
