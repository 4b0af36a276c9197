//! The end of uploads that nobody committed.

use bindery_domain::{BlobId, OrgKey, Scope, Timestamp, UploadId};

use crate::{Query, StoreError, Tx, params};

// The one statement over all organizations: it says where a sweeper has work, and names no object.
const DUE_ORGANIZATIONS: &str = "select distinct org from upload where expires <= $1 \
    and state in ('open', 'receiving', 'received', 'expired') order by org";
const EXPIRE: &str = "update upload set state = 'expired', lease = null, lease_until = null \
    where org = $1 and upload in (select u.upload from upload u where u.org = $1 \
    and u.expires <= $2 and u.state in ('open', 'receiving', 'received') \
    and (u.state <> 'receiving' or u.lease_until <= $2) order by u.expires limit $3) \
    returning upload";
const LIST_EXPIRED: &str = "select id, blob from upload \
    where org = $1 and state = 'expired' order by expires, upload limit $2";
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
    Ok(tx.query(EXPIRE, params![scope.owner(), now, limit]).await?.len())
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
