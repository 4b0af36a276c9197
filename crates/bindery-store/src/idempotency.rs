//! `Idempotency-Key`: what a client's key was used for, for 24 hours. Never the answer, whose URLs are secrets.

use bindery_domain::{ClientId, Scope, Timestamp};

use crate::{Query, StoreError, Tx, params};

pub(crate) const FIND: &str = "select request, version from idempotency \
    where org = $1 and client = $2 and key = $3 and expires > $4";
const INSERT: &str = "insert into idempotency (org, client, key, request, version, expires) \
    values ($1, $2, $3, $4, $5, $6) on conflict (org, client, key) do update set \
    request = excluded.request, version = excluded.version, expires = excluded.expires \
    where idempotency.expires <= $7 returning version";
const REMOVE_EXPIRED: &str = "delete from idempotency where org = $1 and expires <= $2";

/// What a key was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// SHA-256 of the request's method, path and body.
    pub request: [u8; 32],
    /// Internal key of the version that it made.
    pub version_key: i64,
}

/// What a client's key was used for, if it is still kept.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    client: &ClientId,
    key: &str,
    now: Timestamp,
) -> Result<Option<IdempotencyRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), client, key, now]).await?;
    row.map(|mut row| Ok(IdempotencyRow { request: row.take(0)?, version_key: row.take(1)? }))
        .transpose()
}

/// Keeps what a client's key is used for until `expires`; false when it is in use already.
pub async fn insert(
    tx: &Tx,
    scope: &Scope,
    (client, key): (&ClientId, &str),
    row: &IdempotencyRow,
    (now, expires): (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    let values = params![scope.owner(), client, key, row.request, row.version_key, expires, now];
    Ok(tx.query_opt(INSERT, values).await?.is_some())
}

/// Forgets the keys whose time is over.
pub async fn remove_expired(tx: &Tx, scope: &Scope, now: Timestamp) -> Result<(), StoreError> {
    tx.query(REMOVE_EXPIRED, params![scope.owner(), now]).await.map(drop)
}
