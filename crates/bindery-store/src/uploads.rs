//! Uploads between their presigned URL and their commit: one state machine, each step one conditional statement.
//!
//! | from | to | who | function |
//! |---|---|---|---|
//! | – | open | the presigned-upload call | [`open`] |
//! | open | receiving | the PUT that begins | [`begin_receiving`] |
//! | receiving, its lease run out | receiving | the PUT that takes over from one that died | [`begin_receiving`] |
//! | receiving | received | the same PUT, all bytes durable | [`received`] |
//! | receiving | open | the same PUT, broken | [`reopen`] |
//! | receiving | open | the start of a server that has the database to itself | [`reopen_interrupted`] |
//! | received | committed | the commit | [`claim`], [`commit()`] |
//! | open, receiving without a live lease, received | expired | the sweeper | [`expire_due`] |
//! | expired | (the row goes) | the sweeper, then the bytes | [`remove_expired`] |
//!
//! In `open` the PUT must begin before `expires`; `received` sets it anew, so that the commit must come as long after
//! the last byte. Whoever is late finds the upload gone, whether the sweeper has been there or not. A committed row
//! lives as long as its version.

pub(crate) mod commit;
pub(crate) mod sweep;

use bindery_domain::{BlobId, ClientId, Scope, Timestamp, UploadId};

use crate::{Query, Row, StoreError, Tx, params};

pub use commit::{Claim, claim, commit};
pub use sweep::{
    ExpiredUpload, due_organizations, expire_due, interrupted_organizations, list_expired,
    remove_expired, reopen_interrupted,
};

const INSERT: &str = "insert into upload (org, id, client, state, created, expires) \
    values ($1, $2, $3, 'open', $4, $5)";
pub(crate) const FIND: &str = "select upload, id, client, state, created, expires, lease_until, \
    blob, size, sha256 from upload where org = $1 and id = $2";
pub(crate) const BEGIN: &str = "update upload set state = 'receiving', lease = $4, lease_until = $5 \
    where org = $1 and id = $2 and expires > $3 \
    and (state = 'open' or (state = 'receiving' and lease_until <= $3)) returning upload";
const EXTEND: &str = "update upload set lease_until = $4 \
    where org = $1 and id = $2 and state = 'receiving' and lease = $3 returning upload";
pub(crate) const RECEIVED: &str = "update upload set state = 'received', lease = null, lease_until = null, \
    blob = $4, size = $5, sha256 = $6, expires = $7 \
    where org = $1 and id = $2 and state = 'receiving' and lease = $3 returning upload";
const REOPEN: &str = "update upload set state = 'open', lease = null, lease_until = null \
    where org = $1 and id = $2 and state = 'receiving' and lease = $3 returning upload";

const HOLDS: &str = "select 1 from upload where org = $1 and blob = $2 limit 1";
const HELD: &str = "select blob, size, sha256 from upload where org = $1 and state = 'received'";

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// Its URL was given out; nothing has come, or a PUT broke.
    Open,
    /// A PUT is running.
    Receiving,
    /// All bytes are there.
    Received,
    /// It has become a version.
    Committed,
    /// It came too late; the sweeper removes it.
    Expired,
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: UploadId,
    /// The client that asked for it, the only one that can commit it.
    pub client: ClientId,
    /// Where it stands.
    pub state: UploadState,
    /// When it was asked for.
    pub created: Timestamp,
    /// When its present state ends.
    pub expires: Timestamp,
    /// Until when the running PUT holds it.
    pub lease_until: Option<Timestamp>,
    /// The received bytes.
    pub bytes: Option<ReceivedBytes>,
}

/// What was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceivedBytes {
    /// What the bytes are called in the storage.
    pub blob: BlobId,
    /// How many there are.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// What a new upload is made of.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Public id.
    pub id: UploadId,
    /// The client that asks for it.
    pub client: ClientId,
    /// When.
    pub created: Timestamp,
    /// Until when the PUT must begin.
    pub expires: Timestamp,
}

/// The right of one PUT to an upload. Its token is random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Tells this PUT from any other.
    pub token: [u8; 16],
    /// Until when it holds without being extended.
    pub until: Timestamp,
}

/// What a PUT finds that wants to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// It may send.
    Begun,
    /// Another PUT is running; this one may try again later.
    Running,
    /// The bytes have come already: a second PUT changes nothing.
    Done,
    /// There is no such upload, or it is too late.
    Gone,
}

impl UploadState {
    fn parse(text: &str) -> Result<Self, StoreError> {
        Ok(match text {
            "open" => Self::Open,
            "receiving" => Self::Receiving,
            "received" => Self::Received,
            "committed" => Self::Committed,
            "expired" => Self::Expired,
            _ => return Err(StoreError::Corrupt(format!("upload state {text}"))),
        })
    }
}

impl UploadRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let bytes = match row.take(7)? {
            Some(blob) => Some(ReceivedBytes { blob, size: row.take(8)?, sha256: row.take(9)? }),
            None => None,
        };
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            client: row.take(2)?,
            state: UploadState::parse(&row.take::<String>(3)?)?,
            created: row.take(4)?,
            expires: row.take(5)?,
            lease_until: row.take(6)?,
            bytes,
        })
    }
}

/// Makes an upload, open for its PUT.
pub async fn open(tx: &Tx, scope: &Scope, new: &NewUpload) -> Result<(), StoreError> {
    let values = params![scope.owner(), new.id, &new.client, new.created, new.expires];
    tx.query(INSERT, values).await.map(drop)
}

/// The upload of an id, in whatever state.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: UploadId,
) -> Result<Option<UploadRow>, StoreError> {
    db.query_opt(FIND, params![scope.owner(), id]).await?.map(UploadRow::read).transpose()
}

/// Gives the upload to a PUT that begins now.
pub async fn begin_receiving(
    tx: &Tx,
    scope: &Scope,
    id: UploadId,
    now: Timestamp,
    lease: Lease,
) -> Result<Begin, StoreError> {
    let values = params![scope.owner(), id, now, lease.token, lease.until];
    if tx.query_opt(BEGIN, values).await?.is_some() {
        return Ok(Begin::Begun);
    }
    Ok(match find(tx, scope, id).await? {
        None => Begin::Gone,
        Some(upload) => match upload.state {
            UploadState::Receiving if upload.lease_until.is_some_and(|until| until > now) => {
                Begin::Running
            }
            UploadState::Received | UploadState::Committed => Begin::Done,
            // PostgreSQL lets others in between the two statements: the PUT that held it has just given it back.
            UploadState::Open | UploadState::Receiving if upload.expires > now => Begin::Running,
            UploadState::Open | UploadState::Receiving | UploadState::Expired => Begin::Gone,
        },
    })
}

/// Holds the upload for a PUT that is still running; false when another has taken it over.
pub async fn extend_lease(
    tx: &Tx,
    scope: &Scope,
    id: UploadId,
    lease: Lease,
) -> Result<bool, StoreError> {
    let values = params![scope.owner(), id, lease.token, lease.until];
    Ok(tx.query_opt(EXTEND, values).await?.is_some())
}

/// Notes that all bytes are durable and until when the commit must come; false when the PUT has lost its lease, and
/// what it stored is to be dropped.
pub async fn received(
    tx: &Tx,
    scope: &Scope,
    id: UploadId,
    token: [u8; 16],
    bytes: &ReceivedBytes,
    expires: Timestamp,
) -> Result<bool, StoreError> {
    let values = params![scope.owner(), id, token, bytes.blob, bytes.size, bytes.sha256, expires];
    Ok(tx.query_opt(RECEIVED, values).await?.is_some())
}

/// Gives the upload back after a PUT that broke; false when that has lost its lease.
pub async fn reopen(
    tx: &Tx,
    scope: &Scope,
    id: UploadId,
    token: [u8; 16],
) -> Result<bool, StoreError> {
    Ok(tx.query_opt(REOPEN, params![scope.owner(), id, token]).await?.is_some())
}

/// Whether an upload still holds these bytes: received, and not yet a version.
pub async fn holds(db: &impl Query, scope: &Scope, blob: BlobId) -> Result<bool, StoreError> {
    Ok(db.query_opt(HOLDS, params![scope.owner(), blob]).await?.is_some())
}

/// The bytes that uploads hold which have not become versions yet.
pub async fn held(db: &impl Query, scope: &Scope) -> Result<Vec<ReceivedBytes>, StoreError> {
    let rows = db.query(HELD, params![scope.owner()]).await?;
    let read = |mut row: Row| {
        Ok(ReceivedBytes { blob: row.take(0)?, size: row.take(1)?, sha256: row.take(2)? })
    };
    rows.into_iter().map(read).collect()
}
