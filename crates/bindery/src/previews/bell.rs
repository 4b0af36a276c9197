//! Wakes those who wait in this process: workers for jobs, calls for pictures.
//!
//! Other processes ring nothing here, so whoever waits also looks by himself now and then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Wakes workers and waiting calls. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Bells>);

#[derive(Debug, Default)]
struct Bells {
    work: Notify,
    asked: Notify,
    done: Notify,
    last_commit: Mutex<Option<Instant>>,
}

impl Bell {
    /// There is a job. Wakes one worker; one that is about to wait finds it, too.
    pub fn ring_for_work(&self) {
        self.0.work.notify_one();
    }

    /// A commit may have queued a job.
    pub fn ring_for_commit(&self) {
        *self.0.last_commit.lock() = Some(Instant::now());
        self.ring_for_work();
    }

    /// Somebody waits for what a job makes. Wakes a worker that rests, too.
    pub fn ring_for_asked(&self) {
        self.0.asked.notify_one();
        self.ring_for_work();
    }

    /// How long ago this process committed something.
    pub fn since_commit(&self) -> Option<Duration> {
        self.0.last_commit.lock().map(|at| at.elapsed())
    }

    /// A job has ended. Wakes all who wait for pictures.
    pub fn ring_done(&self) {
        self.0.done.notify_waiters();
    }

    /// Waits for a job, at most so long.
    pub async fn wait_for_work(&self, longest: Duration) {
        let _ = timeout(longest, self.0.work.notified()).await;
    }

    /// Rests, unless somebody asks.
    pub async fn rest(&self, so_long: Duration) {
        let _ = timeout(so_long, self.0.asked.notified()).await;
    }

    /// Waits until a job ends, at most so long.
    pub async fn wait_until_done(&self, longest: Duration) {
        let _ = timeout(longest, self.0.done.notified()).await;
    }
}
