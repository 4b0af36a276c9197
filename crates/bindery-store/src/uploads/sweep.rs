//! The end of uploads that nobody committed.

use bindery_domain::{BlobId, OrgKey, Scope, Timestamp, UploadId};

use crate::{Query, StoreError, Tx, params};

// The one statement over all organizations: it says where a sweeper has work, and names no object.
// The list of states is that of the index, word for word: otherwise SQLite does not use it.
pub(crate) const DUE_ORGANIZATIONS: &str = "select distinct org from upload \
    where state in ('open', 'receiving', 'received', 'expired') and expires <= $1 order by org";
pub(crate) const LIST_DUE: &str = "select upload from upload where org = $1 and expires <= $2 \
    and state in ('open', 'receiving', 'received', 'expired') and state <> 'expired' \
    and (state <> 'receiving' or lease_until <= $2) order by expires limit $3";
const EXPIRE: &str = "update upload set state = 'expired', lease = null, lease_until = null \
    where org = $1 and upload = $3 and expires <= $2 \
    and (state in ('open', 'received') or (state = 'receiving' and lease_until <= $2)) \
    returning upload";
pub(crate) const LIST_EXPIRED: &str = "select id, blob from upload \
    where org = $1 and state in ('open', 'receiving', 'received', 'expired') \
    and state = 'expired' order by expires limit $2";
const REMOVE: &str = "delete from upload \
    where org = $1 and id = $2 and state = 'expired' returning upload";

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

/// At most `limit` expired uploads, for the sweeper to remove their bytes, then their rows.
pub async fn list_expired(
    db: &impl Query,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<ExpiredUpload>, StoreError> {
    let rows = db.query(LIST_EXPIRED, params![scope.owner(), limit]).await?;
    rows.into_iter()
        .map(|mut row| Ok(ExpiredUpload { id: row.take(0)?, blob: row.take(1)? }))
        .collect()
}

/// Removes the row of an expired upload whose bytes are gone; false when it is not expired.
pub async fn remove_expired(tx: &Tx, scope: &Scope, id: UploadId) -> Result<bool, StoreError> {
    Ok(tx.query_opt(REMOVE, params![scope.owner(), id]).await?.is_some())
}
