//! Moving committed pages from the log into the database file without holding up the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::session::Session;
use super::start_thread;
use crate::StoreError;

/// How many pages the log gains between two checkpoints: 16 MiB. A page that many commits change is then written to the
/// file once for all of them, and the file is synced less often.
const EVERY_PAGES: i32 = 4_000;
/// From this many on the writer checkpoints itself, after the thread has done the most of it: beside a writer that never
/// pauses, the log could not begin anew, since there would always be a page that is not in the file yet. 64 MiB.
const OWN_FROM_PAGES: i32 = 16_000;

/// The writer's view of the checkpoints.
pub(super) struct Checkpoints {
    /// Pages in the log after the last commit.
    pages: Arc<AtomicI32>,
    at_last: i32,
    /// Whether the thread is at work.
    is_busy: Arc<AtomicBool>,
    /// The writer's own checkpoint follows the thread's.
    is_own_due: bool,
    wake: Option<Sender<()>>,
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
        let is_busy = Arc::new(AtomicBool::new(false));
        let busy = Arc::clone(&is_busy);
        let thread = start_thread("db-checkpoint", move || work(&woken, &busy, own))?;
        Ok((Self { pages, at_last: 0, is_busy, is_own_due: false, wake: Some(wake) }, thread))
    }

    /// Looks at the log after a commit.
    pub(super) fn after_commit(&mut self, writer: &mut Session) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.at_last {
            // It began anew.
            self.at_last = 0;
        }
        if self.is_own_due && !self.is_busy.load(Ordering::Acquire) {
            self.is_own_due = false;
            checkpoint(writer, "passive");
        }
        if pages - self.at_last < EVERY_PAGES {
            return;
        }
        self.at_last = pages;
        self.is_own_due = pages >= OWN_FROM_PAGES;
        if let Some(wake) = &self.wake {
            self.is_busy.store(true, Ordering::Release);
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

fn work(woken: &Receiver<()>, is_busy: &AtomicBool, mut session: Session) {
    while woken.recv().is_ok() {
        checkpoint(&mut session, "passive");
        is_busy.store(false, Ordering::Release);
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
