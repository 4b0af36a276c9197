//! The queue of work in the background: rows written in the transaction of the change that wants it done, so that no
//! job is lost and none is a phantom.
//!
//! A worker looks for the organizations that have due jobs, then claims one in one organization. A claimed job has a
//! lease; whoever finishes it must still hold that. A job whose worker died is due again when the lease ends. Jobs may
//! run twice and must not mind.

use bindery_domain::{OrgKey, Scope, Timestamp};

use crate::{Query, Row, Sql, StoreError, Tx, params};

// One statement, since a commit pays for it. On SQLite a trigger notes the organization.
pub(crate) const ENQUEUE: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(
        "insert into job (org, kind, subject, payload, priority, created, run_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (org, kind, subject) do update \
         set priority = excluded.priority where job.priority > excluded.priority",
    ),
    postgres: std::borrow::Cow::Borrowed(
        "with noted as (insert into job_organization (org) select $1 \
         where not exists (select 1 from job_organization where org = $1) \
         on conflict (org) do nothing) \
         insert into job (org, kind, subject, payload, priority, created, run_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (org, kind, subject) do update \
         set priority = excluded.priority where job.priority > excluded.priority",
    ),
};
// Starts from the reference table, so that each probe names its organization.
pub(crate) const DUE: &str = "select o.org, (select j.priority from job j where j.org = o.org \
    and j.kind = $1 and j.run_at <= $2 order by j.priority, j.run_at, j.job limit 1) \
    from job_organization o where exists (select 1 from job j where j.org = o.org \
    and j.kind = $1 and j.run_at <= $2)";
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update job set lease = $4, run_at = $5, attempts = attempts + 1 where org = $1 and job = \
             (select j.job from job j where j.org = $1 and j.kind = $2 and j.run_at <= $3 \
             order by j.priority, j.run_at, j.job limit 1",
            $lock,
            ") returning job, subject, payload, priority, created, attempts"
        )
    };
}
pub(crate) const CLAIM: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(claim!("")),
    postgres: std::borrow::Cow::Borrowed(claim!(" for update skip locked")),
};
const FINISH: &str = "delete from job where org = $1 and job = $2 and lease = $3 returning job";
const EXTEND: &str = "update job set run_at = $4 where org = $1 and job = $2 and lease = $3 \
    returning job";
const PUT_BACK: &str = "update job set lease = null, run_at = $4, attempts = attempts - $5 \
    where org = $1 and job = $2 and lease = $3 returning job";
const RELEASE: &str = "update job set lease = null, run_at = $3 \
    where org = $1 and kind = $2 and lease is not null returning job";
const FIND: &str =
    "select priority, attempts from job where org = $1 and kind = $2 and subject = $3";
// Subjects of one thing begin with it and a slash; a nought follows the slash.
const REMOVE_BENEATH: &str = "delete from job where org = $1 and kind = $2 \
    and subject >= $3 and subject < $4";
const BACKLOG: &str = "select count(*), min(j.created) from job_organization o \
    join job j on j.org = o.org where j.kind = $1";
const BACKLOG_OF: &str = "select count(*), min(created) from job where org = $1 and kind = $2";

/// A new job is due at once, also for a worker whose clock is behind by less than this.
const BEHIND_SECS: i64 = 65;

/// What goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for it.
    Asked,
    /// Something changed.
    Changed,
    /// It can wait until nothing else is to be done.
    Background,
}

/// What a new job is made of.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Who takes it.
    pub kind: &'a str,
    /// What it is about. While a job of this kind and subject waits, there is no second one.
    pub subject: &'a str,
    /// What the worker must know, as JSON.
    pub payload: &'a str,
    /// What goes first.
    pub priority: Priority,
    /// When it is made; it is due at once.
    pub created: Timestamp,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Internal key.
    pub key: i64,
    /// What it is about.
    pub subject: String,
    /// What the worker must know, as JSON.
    pub payload: String,
    /// What it was made for.
    pub priority: Priority,
    /// When it was made.
    pub created: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    /// Proves that the worker still has it.
    pub lease: [u8; 16],
}

/// What to claim, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// The present time.
    pub now: Timestamp,
    /// When the job is due again if nothing is heard of the worker.
    pub lease_until: Timestamp,
    /// Random, so that nobody else has it.
    pub lease: [u8; 16],
}

/// Whether a try counts against the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The job itself was at fault.
    Yes,
    /// Something else was: the server stopped, the storage did not answer.
    No,
}

/// A job that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What it was made for.
    pub priority: Priority,
    /// How often it was claimed.
    pub attempts: i64,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs that wait, run or are to be tried again.
    pub jobs: i64,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
}

impl Priority {
    fn number(self) -> i64 {
        match self {
            Self::Asked => 0,
            Self::Changed => 1,
            Self::Background => 2,
        }
    }

    fn of(number: i64) -> Self {
        match number {
            ..=0 => Self::Asked,
            1 => Self::Changed,
            2.. => Self::Background,
        }
    }
}

impl JobRow {
    fn read(mut row: Row, lease: [u8; 16]) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            subject: row.take(1)?,
            payload: row.take(2)?,
            priority: Priority::of(row.take(3)?),
            created: row.take(4)?,
            attempts: row.take(5)?,
            lease,
        })
    }
}

/// Makes a job, or gives the one that waits for the same subject the higher of both priorities.
///
/// # Errors
/// As the engine.
pub async fn enqueue(tx: &Tx, scope: &Scope, new: &NewJob<'_>) -> Result<(), StoreError> {
    let priority = new.priority.number();
    let due = new.created.plus_secs(-BEHIND_SECS);
    let values =
        params![scope.owner(), new.kind, new.subject, new.payload, priority, new.created, due];
    tx.query(ENQUEUE, values).await.map(drop)
}

/// The organizations that have due jobs of a kind, those with the most urgent one first.
///
/// # Errors
/// As the engine.
pub async fn due_organizations(
    db: &impl Query,
    kind: &str,
    now: Timestamp,
) -> Result<Vec<(OrgKey, Priority)>, StoreError> {
    let mut due = Vec::new();
    for mut row in db.query(DUE, params![kind, now]).await? {
        // It may have been claimed between the two probes.
        if let Some(priority) = row.take::<Option<i64>>(1)? {
            due.push((row.take(0)?, Priority::of(priority)));
        }
    }
    due.sort_by_key(|(org, priority): &(OrgKey, Priority)| (*priority, org.0));
    Ok(due)
}

/// Claims the most urgent due job of a kind; several workers never get the same one.
///
/// # Errors
/// As the engine.
pub async fn claim(
    tx: &Tx,
    scope: &Scope,
    kind: &str,
    claim: Claim,
) -> Result<Option<JobRow>, StoreError> {
    let values = params![scope.owner(), kind, claim.now, claim.lease, claim.lease_until];
    let row = tx.query_opt(CLAIM, values).await?;
    row.map(|row| JobRow::read(row, claim.lease)).transpose()
}

/// Ends a job in the transaction that writes its result; false when the worker has lost it to another one, and the
/// result must not be written.
///
/// # Errors
/// As the engine.
pub async fn finish(tx: &Tx, scope: &Scope, job: &JobRow) -> Result<bool, StoreError> {
    Ok(tx.query_opt(FINISH, params![scope.owner(), job.key, job.lease]).await?.is_some())
}

/// Keeps a job for longer; false when the worker has lost it.
///
/// # Errors
/// As the engine.
pub async fn extend(
    tx: &Tx,
    scope: &Scope,
    job: &JobRow,
    lease_until: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![scope.owner(), job.key, job.lease, lease_until];
    Ok(tx.query_opt(EXTEND, values).await?.is_some())
}

/// Lets a job be tried again from a time on; false when the worker has lost it.
///
/// # Errors
/// As the engine.
pub async fn put_back(
    tx: &Tx,
    scope: &Scope,
    job: &JobRow,
    run_at: Timestamp,
    counted: Counted,
) -> Result<bool, StoreError> {
    let given_back = i64::from(counted == Counted::No);
    let values = params![scope.owner(), job.key, job.lease, run_at, given_back];
    Ok(tx.query_opt(PUT_BACK, values).await?.is_some())
}

/// Makes all claimed jobs of a kind due at once; returns how many. For a server that has the database to itself and
/// knows by its start that the workers from before are dead. Their tries count: one of them may have ended the server.
///
/// # Errors
/// As the engine.
pub async fn release_all(
    tx: &Tx,
    scope: &Scope,
    kind: &str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    Ok(tx.query(RELEASE, params![scope.owner(), kind, now]).await?.len())
}

/// The job of a kind that waits for a subject.
///
/// # Errors
/// As the engine.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    kind: &str,
    subject: &str,
) -> Result<Option<Waiting>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), kind, subject]).await?;
    row.map(|mut row| Ok(Waiting { priority: Priority::of(row.take(0)?), attempts: row.take(1)? }))
        .transpose()
}

/// Drops the jobs of a thing that is no more: those with a subject `THING/…`.
///
/// # Errors
/// As the engine.
pub async fn remove_beneath(
    tx: &Tx,
    scope: &Scope,
    kind: &str,
    thing: &str,
) -> Result<(), StoreError> {
    let values = params![scope.owner(), kind, format!("{thing}/"), format!("{thing}0")];
    tx.query(REMOVE_BENEATH, values).await.map(drop)
}

/// How much of a kind waits in all organizations together.
///
/// # Errors
/// As the engine.
pub async fn backlog(db: &impl Query, kind: &str) -> Result<Backlog, StoreError> {
    read_backlog(db.query_opt(BACKLOG, params![kind]).await?)
}

/// How much of a kind waits in one organization.
///
/// # Errors
/// As the engine.
pub async fn backlog_of(db: &impl Query, scope: &Scope, kind: &str) -> Result<Backlog, StoreError> {
    read_backlog(db.query_opt(BACKLOG_OF, params![scope.owner(), kind]).await?)
}

fn read_backlog(row: Option<Row>) -> Result<Backlog, StoreError> {
    row.map_or(Ok(Backlog::default()), |mut row| {
        Ok(Backlog { jobs: row.take(0)?, oldest: row.take(1)? })
    })
}
