//! The end of uploads that nobody committed.

use std::borrow::Cow;

use bindery_domain::{BlobId, OrgKey, Scope, Timestamp, UploadId};

use crate::{Query, Sql, StoreError, Tx, params};

// The one statement over all organizations: it says where a sweeper has work, and names no object.
// The list of states is that of the index, word for word: otherwise SQLite does not use it.
pub(crate) const DUE_ORGANIZATIONS: &str = "select distinct org from upload \
    where state in ('open', 'receiving', 'received', 'expired') and expires <= $1 order by org";
macro_rules! list_due {
    ($lock:literal) => {
        concat!(
            "select upload from upload where org = $1 and expires <= $2 ",
            "and state in ('open', 'receiving', 'received', 'expired') and state <> 'expired' ",
            "and (state <> 'receiving' or lease_until <= $2) order by expires limit $3",
            $lock
        )
    };
}
// Of several nodes that sweep, each takes what no other has.
pub(crate) const LIST_DUE: Sql = Sql::Each {
    sqlite: Cow::Borrowed(list_due!("")),
    postgres: Cow::Borrowed(list_due!(" for update skip locked")),
};
const EXPIRE: &str = "update upload set state = 'expired', lease = null, lease_until = null \
    where org = $1 and upload = $3 and expires <= $2 \
    and (state in ('open', 'received') or (state = 'receiving' and lease_until <= $2)) \
    returning upload";
macro_rules! list_expired {
    ($lock:literal) => {
        concat!(
            "select id, blob from upload ",
            "where org = $1 and state in ('open', 'receiving', 'received', 'expired') ",
            "and state = 'expired' order by expires limit $2",
            $lock
        )
    };
}
pub(crate) const LIST_EXPIRED: Sql = Sql::Each {
    sqlite: Cow::Borrowed(list_expired!("")),
    postgres: Cow::Borrowed(list_expired!(" for update skip locked")),
};
const REMOVE: &str = "delete from upload \
    where org = $1 and id = $2 and state = 'expired' returning upload";

// The list of all states is the condition of the index.
const INTERRUPTED_ORGANIZATIONS: &str = "select distinct org from upload \
    where state in ('open', 'receiving', 'received', 'expired') \
    and state = 'receiving' and lease_until <= $1 order by org";
const REOPEN_INTERRUPTED: &str = "update upload set state = 'open', lease = null, \
    lease_until = null where org = $1 and state in ('open', 'receiving', 'received', 'expired') \
    and state = 'receiving' and lease_until <= $2 returning upload";

/// An upload whose bytes may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredUpload {
    /// Its id, under which blocks and unfinished files are kept.
    pub id: UploadId,
    /// The bytes, where all of them had come.
    pub blob: Option<BlobId>,
}

/// The organizations in which uploads are due or expired.
pub async fn due_organizations(db: &impl Query, now: Timestamp) -> Result<Vec<OrgKey>, StoreError> {
    let rows = db.query(DUE_ORGANIZATIONS, params![now]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// The organizations in which PUTs hold uploads until this time at most.
pub async fn interrupted_organizations(
    db: &impl Query,
    until: Timestamp,
) -> Result<Vec<OrgKey>, StoreError> {
    let rows = db.query(INTERRUPTED_ORGANIZATIONS, params![until]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Opens the uploads that PUTs hold until this time at most; returns how many. For a server that has the database to
/// itself and knows by its start that the PUTs from before are dead.
pub async fn reopen_interrupted(
    tx: &Tx,
    scope: &Scope,
    until: Timestamp,
) -> Result<usize, StoreError> {
    Ok(tx.query(REOPEN_INTERRUPTED, params![scope.owner(), until]).await?.len())
}

/// Ends at most `limit` uploads whose time is over and which no running PUT holds; returns how many.
pub async fn expire_due(
    tx: &Tx,
    scope: &Scope,
    now: Timestamp,
    limit: i64,
) -> Result<usize, StoreError> {
    let mut expired = 0;
    for mut row in tx.query(LIST_DUE, params![scope.owner(), now, limit]).await? {
        let values = params![scope.owner(), now, row.take::<i64>(0)?];
        expired += tx.query(EXPIRE, values).await?.len();
    }
    Ok(expired)
}

/// At most `limit` expired uploads that no other node is at, for the sweeper to remove their rows, then their bytes.
pub async fn list_expired(
    tx: &Tx,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<ExpiredUpload>, StoreError> {
    let rows = tx.query(LIST_EXPIRED, params![scope.owner(), limit]).await?;
    rows.into_iter()
        .map(|mut row| Ok(ExpiredUpload { id: row.take(0)?, blob: row.take(1)? }))
        .collect()
}

/// Removes the row of an expired upload; false when it is not expired. Call it before its bytes are deleted: what is
/// left then is an orphan that is swept.
pub async fn remove_expired(tx: &Tx, scope: &Scope, id: UploadId) -> Result<bool, StoreError> {
    Ok(tx.query_opt(REMOVE, params![scope.owner(), id]).await?.is_some())
}
