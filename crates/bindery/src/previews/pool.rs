//! The workers of a server: each claims a job, makes it, and looks for the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use bindery_domain::{OrgKey, Scope};
use bindery_preview::Worker;
use bindery_store::StoreError;
use bindery_store::jobs::{self, Claim, Counted, JobRow};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::make::{Made, Maker, Trouble};
use super::record::{Record, Recorded};
use super::{Bell, KIND, Part, fill, meters, pace};
use crate::app::App;
use crate::clock::{Clock, SKEW_SECS};

/// How long a worker has a job before it is due again, unless it says that it is still at it; also in the eyes of a node
/// that is ahead.
const LEASE_SECS: i64 = 15 + SKEW_SECS;
/// How often it says so.
const STILL_AT_IT: Duration = Duration::from_secs(5);
/// How long a try may take, pictures in the storage included; what the renderers may take is bounded by themselves.
const TRY: Duration = Duration::from_secs(600);
/// So often a file may end its worker.
const TRIES: i64 = 3;
/// What another process queued is found so soon.
const LOOK: Duration = Duration::from_secs(2);
/// What does not work for reasons of ours is tried again so much later.
const PAUSE_SECS: i64 = 30;
/// How long the jobs in hand may take once the server is told to stop; then they go back to the queue.
const DRAIN: Duration = Duration::from_secs(20);

/// What the workers of a server need.
#[derive(Clone)]
pub struct Pool {
    maker: Maker,
    bell: Bell,
    clock: Clock,
    /// The organization that was served last, so that one with many jobs does not keep the others waiting.
    last: Arc<AtomicI64>,
}

/// Workers that run.
pub struct Running(TaskTracker);

impl Pool {
    /// Workers that render with this program.
    #[must_use]
    pub fn new(app: &App, worker: Worker) -> Self {
        let maker = Maker {
            store: app.store.clone(),
            blobs: app.blobs.clone(),
            worker: Arc::new(worker),
            min_free_bytes: app.config.transfer.min_free_bytes,
        };
        let (bell, clock) = (app.bell.clone(), app.clock.clone());
        Self { maker, bell, clock, last: Arc::default() }
    }

    /// Starts so many workers, and queues what has no preview yet. They end when told to stop.
    #[must_use]
    pub fn start(self, workers: usize, stop: &CancellationToken) -> Running {
        let tracker = TaskTracker::new();
        for _ in 0..workers {
            tracker.spawn(self.clone().work_until(stop.clone()));
        }
        if workers > 0 {
            let (store, bell, clock) = (self.maker.store, self.bell, self.clock);
            let stop = stop.clone();
            tracker.spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = fill::fill(&store, &bell, &clock) => {}
                }
            });
        }
        tracker.close();
        Running(tracker)
    }

    async fn work_until(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.take().await {
                Ok(Some((scope, job))) => {
                    // There may be more: the next one that is idle looks.
                    self.bell.ring_for_work();
                    let begun = Instant::now();
                    self.serve(scope, job, &stop).await;
                    self.bell.ring_done();
                    let rest = pace::rest(begun.elapsed(), self.bell.since_commit());
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.bell.rest(rest) => {}
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "looking for previews to make"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.bell.wait_for_work(LOOK) => {}
            }
        }
    }

    /// Claims the most urgent job; among organizations with equally urgent ones they take turns.
    async fn take(&self) -> Result<Option<(Scope, JobRow)>, StoreError> {
        let now = self.clock.now();
        let due = jobs::due_organizations(&self.maker.store, KIND, now).await?;
        let Some(&(first, urgency)) = due.first() else { return Ok(None) };
        let last = OrgKey(self.last.load(Ordering::Relaxed));
        let equal = due.iter().take_while(|(_, priority)| *priority == urgency);
        let next = equal.map(|(org, _)| *org).find(|org| org.0 > last.0).unwrap_or(first);
        self.last.store(next.0, Ordering::Relaxed);
        let mut lease = [0; 16];
        aws_lc_rs::rand::fill(&mut lease)
            .map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
        let claim = Claim { now, lease_until: now.plus_secs(LEASE_SECS), lease };
        let scope = Scope::own(next);
        let claim = move |tx| async move { jobs::claim(&tx, &scope, KIND, claim).await };
        let job = self.maker.store.write::<_, _, _, StoreError>(claim).await?;
        Ok(job.map(|job| (scope, job)))
    }

    /// Does a job, or gives it back when the server stops and it takes too long.
    async fn serve(&self, scope: Scope, job: JobRow, stop: &CancellationToken) {
        let patience = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        let ended = tokio::select! {
            ended = self.try_once(scope, &job) => ended,
            () = patience => self.put_back(scope, &job, 0, Counted::No).await,
            () = self.hold(scope, &job) => Err(anyhow::anyhow!("another worker has taken it over")),
        };
        if let Err(error) = ended {
            // Its lease ends, and another try is made.
            tracing::error!(error = format!("{error:#}"), job = job.key, "making a preview");
        }
    }

    /// Keeps the job as long as it is worked at; ends when another worker has it.
    async fn hold(&self, scope: Scope, job: &JobRow) {
        loop {
            tokio::time::sleep(STILL_AT_IT).await;
            let (job, until) = (job.clone(), self.clock.now().plus_secs(LEASE_SECS));
            let extend = move |tx| {
                let job = job.clone();
                async move { jobs::extend(&tx, &scope, &job, until).await }
            };
            match self.maker.store.write::<_, _, _, StoreError>(extend).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "keeping a preview's job"),
            }
        }
    }

    async fn try_once(&self, scope: Scope, job: &JobRow) -> anyhow::Result<()> {
        let Some((blob_key, part)) = Part::of_payload(&job.payload) else {
            anyhow::bail!("a job says nothing that this version knows: {}", job.subject);
        };
        let of = (blob_key, part);
        if job.attempts > TRIES {
            // The server itself ended during each of them.
            return self.fail(scope, job, of, "making a preview of it ended the server").await;
        }
        let tried = timeout(TRY, self.maker.make(&scope, blob_key, part)).await;
        match tried.unwrap_or(Err(Trouble::File("making a preview of it takes too long"))) {
            Ok(made) => self.record(scope, job, of, made).await,
            Err(Trouble::Gone) => {
                let job = job.clone();
                let finish = move |tx| {
                    let job = job.clone();
                    async move { jobs::finish(&tx, &scope, &job).await }
                };
                Ok(self.maker.store.write::<_, _, _, StoreError>(finish).await.map(drop)?)
            }
            Err(Trouble::Missing) => {
                self.fail(scope, job, of, "its bytes are not in the storage").await
            }
            Err(Trouble::File(reason)) if job.attempts >= TRIES => {
                self.fail(scope, job, of, reason).await
            }
            Err(Trouble::File(reason)) => {
                meters::retried();
                tracing::warn!(event = "preview_retry", part = %part, attempt = job.attempts, "a preview is tried again: {reason}");
                self.put_back(scope, job, pause_secs(job.attempts), Counted::Yes).await
            }
            Err(Trouble::Ours(error)) => {
                meters::retried();
                tracing::error!(error = format!("{error:#}"), "a preview is tried again");
                self.put_back(scope, job, PAUSE_SECS, Counted::No).await
            }
        }
    }

    async fn record(
        &self,
        scope: Scope,
        job: &JobRow,
        (blob_key, part): (i64, Part),
        made: Made,
    ) -> anyhow::Result<()> {
        let at = self.clock.now();
        let record = Record::of_made((scope, job.clone()), (blob_key, part), at, &made)?;
        let kind = made.rendering.kind.name();
        let outcome = meters::word(&made.rendering.outcome);
        let recorded = self.write(record).await?;
        let unneeded = match recorded {
            Recorded::Written(ids) => {
                meters::made(kind, outcome, made.took);
                // One for each file that comes: the metrics count them, and failures speak up for themselves.
                tracing::debug!(
                    event = "preview", kind, outcome, part = %part, attempts = job.attempts,
                    millis = u64::try_from(made.took.as_millis()).unwrap_or(u64::MAX),
                    "made a preview: {kind} {part} is {outcome}"
                );
                ids
            }
            Recorded::NotNeeded => made.pictures.iter().map(|picture| picture.id).collect(),
        };
        self.maker.remove(made.organization, &unneeded).await;
        Ok(())
    }

    async fn fail(
        &self,
        scope: Scope,
        job: &JobRow,
        (blob_key, part): (i64, Part),
        reason: &str,
    ) -> anyhow::Result<()> {
        let at = self.clock.now();
        let record = Record::of_failure((scope, job.clone()), (blob_key, part), at, reason);
        if let Recorded::Written(_) = self.write(record).await? {
            meters::made("unknown", "failed", Duration::ZERO);
            tracing::warn!(event = "preview", outcome = "failed", part = %part, attempts = job.attempts, "gave a preview up: {reason}");
        }
        Ok(())
    }

    async fn write(&self, record: Record) -> Result<Recorded, StoreError> {
        let record = Arc::new(record);
        let write = move |tx| {
            let record = record.clone();
            async move { record.write(&tx).await }
        };
        self.maker.store.write(write).await
    }

    async fn put_back(
        &self,
        scope: Scope,
        job: &JobRow,
        pause_secs: i64,
        counted: Counted,
    ) -> anyhow::Result<()> {
        let (job, run_at) = (job.clone(), self.clock.now().plus_secs(pause_secs));
        let put_back = move |tx| {
            let job = job.clone();
            async move { jobs::put_back(&tx, &scope, &job, run_at, counted).await }
        };
        Ok(self.maker.store.write::<_, _, _, StoreError>(put_back).await.map(drop)?)
    }
}

impl Running {
    /// Waits until all have ended; they were told to.
    pub async fn ended(self) {
        self.0.wait().await;
    }
}

/// How long a file rests after so many tries that it ended: 2 seconds, then 8, each four times as long as the one before.
fn pause_secs(attempts: i64) -> i64 {
    2 << (2 * (attempts - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow() {
        assert_eq!((1..TRIES).map(pause_secs).collect::<Vec<_>>(), [2, 8]);
    }
}
