//! Stored bytes. An id is never used twice; the key in the storage is made of the organization's id and it.
//!
//! A blob is live while a version needs it. Marking it dead happens in a transaction that sees no such version;
//! a dead one is never joined again, so its bytes can go an hour later.

use bindery_domain::{BlobId, Scope, Timestamp};

use crate::{Chunk, Query, Row, Sql, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select blob, id, size, sha256, created, dead_at from blob where org = $1 and ",
            $rest
        )
    };
}

const INSERT_DEAD: &str = "insert into blob (org, id, size, sha256, created, dead_at) \
    values ($1, $2, $3, $4, $5, $5)";
const INSERT: &str = "insert into blob (org, id, size, sha256, created) \
    values ($1, $2, $3, $4, $5) returning blob";
// The lock keeps the row live until the version that joins it is committed; others may join it meanwhile.
pub(crate) const JOIN: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(select!(
        "sha256 = $2 and size = $3 and dead_at is null order by blob limit 1"
    )),
    postgres: std::borrow::Cow::Borrowed(select!(
        "sha256 = $2 and size = $3 and dead_at is null order by blob limit 1 for share"
    )),
};
const LOCK: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed("select 1 where $1 is null and $2 is null"),
    postgres: std::borrow::Cow::Borrowed(
        "select 1 from blob where org = $1 and blob = $2 for update",
    ),
};
const FIND: &str = select!("id = $2");
pub(crate) const LIST: &str = select!("id > $2 order by id limit $3");
pub(crate) const DEAD_DUE: &str = select!("dead_at <= $2 order by dead_at, blob limit $3");
pub(crate) const MARK_DEAD: &str = "update blob set dead_at = $3 \
    where org = $1 and blob = $2 and dead_at is null \
    and not exists (select 1 from version v where v.org = $1 and v.blob = $2) returning size";
const REMOVE_DEAD: &str = "delete from blob where org = $1 and blob = $2 and dead_at is not null \
    and not exists (select 1 from version v where v.org = $1 and v.blob = $2) returning blob";

// One statement, so that a commit that turns the one into the other cannot slip between two.
const IS_NAMED: &str = "select 1 from blob where org = $1 and id = $2 \
    union all select 1 from upload where org = $1 and blob = $2 and state = 'received' \
    union all select 1 from derived where org = $1 and id = $2";

/// Stored bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// Internal key.
    pub key: i64,
    /// What they are called in the storage.
    pub id: BlobId,
    /// How many there are.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// When the first version that needs them was committed.
    pub created: Timestamp,
    /// Since when no version needs them.
    pub dead_at: Option<Timestamp>,
}

/// What a new blob is made of.
#[derive(Debug, Clone)]
pub struct NewBlob {
    /// What the bytes are called in the storage.
    pub id: BlobId,
    /// How many there are.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// When they become a version.
    pub created: Timestamp,
}

impl BlobRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            size: row.take(2)?,
            sha256: row.take(3)?,
            created: row.take(4)?,
            dead_at: row.take(5)?,
        })
    }
}

/// Makes a blob and returns its key. The caller counts its bytes in [`crate::changes::Changes`].
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewBlob) -> Result<i64, StoreError> {
    let values = params![scope.owner(), new.id, new.size, new.sha256, new.created];
    let mut rows = tx.query(INSERT, values).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// Notes a copy that no version needs, because an equal one was joined: it is dead from the start, so that the sweeper
/// removes its bytes.
pub async fn insert_dead(tx: &Tx, scope: &Scope, new: &NewBlob) -> Result<(), StoreError> {
    let values = params![scope.owner(), new.id, new.size, new.sha256, new.created];
    tx.query(INSERT_DEAD, values).await.map(drop)
}

/// A live blob with the same bytes, locked; the new copy is then dropped after the commit.
pub async fn find_equal(
    tx: &Tx,
    scope: &Scope,
    sha256: &[u8; 32],
    size: i64,
) -> Result<Option<BlobRow>, StoreError> {
    let row = tx.query_opt(JOIN, params![scope.owner(), *sha256, size]).await?;
    row.map(BlobRow::read).transpose()
}

/// The blob of an id, dead ones included.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: BlobId,
) -> Result<Option<BlobRow>, StoreError> {
    db.query_opt(FIND, params![scope.owner(), id]).await?.map(BlobRow::read).transpose()
}

/// All blobs of the organization, dead ones included, from the one after this id on.
pub async fn list(
    db: &impl Query,
    scope: &Scope,
    after: Option<BlobId>,
    limit: i64,
) -> Result<Chunk<BlobRow, BlobId>, StoreError> {
    let after = after.unwrap_or(BlobId::from_bytes([0; 16]));
    let rows = db.query(LIST, params![scope.owner(), after, limit]).await?;
    let rows = rows.into_iter().map(|row| {
        let blob = BlobRow::read(row)?;
        let id = blob.id;
        Ok((blob, id))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// Marks a blob dead if no version needs it, and returns its size then; the caller counts it off in
/// [`crate::changes::Changes`].
pub async fn mark_dead_if_unneeded(
    tx: &Tx,
    scope: &Scope,
    key: i64,
    at: Timestamp,
) -> Result<Option<i64>, StoreError> {
    // A statement sees what was committed when it began: so whoever joins the blob is waited for by one, and its
    // version seen by the next.
    tx.query(LOCK, params![scope.owner(), key]).await?;
    let row = tx.query_opt(MARK_DEAD, params![scope.owner(), key, at]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// At most `limit` blobs that have been dead since this time or longer: their bytes may go.
pub async fn dead_since(
    db: &impl Query,
    scope: &Scope,
    time: Timestamp,
    limit: i64,
) -> Result<Vec<BlobRow>, StoreError> {
    let rows = db.query(DEAD_DUE, params![scope.owner(), time, limit]).await?;
    rows.into_iter().map(BlobRow::read).collect()
}

/// Removes the row of a dead blob. Call it before its bytes are deleted: bytes without a row are an orphan that is
/// swept, a row without bytes is a loss. False when it is not dead.
pub async fn remove_dead(tx: &Tx, scope: &Scope, key: i64) -> Result<bool, StoreError> {
    Ok(tx.query_opt(REMOVE_DEAD, params![scope.owner(), key]).await?.is_some())
}

/// Whether any row names these bytes: a blob, dead or not, an upload that waits for its commit, or a picture made of a
/// blob. If none does, they are an orphan, unless they are so new that the row is still to come.
pub async fn is_named(db: &impl Query, scope: &Scope, id: BlobId) -> Result<bool, StoreError> {
    Ok(!db.query(IS_NAMED, params![scope.owner(), id]).await?.is_empty())
}
