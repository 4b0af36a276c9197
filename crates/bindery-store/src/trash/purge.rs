//! Removing for good what is in the trash. The bytes go later, when their blobs have been dead for an hour.

use bindery_domain::{Scope, Timestamp};

use crate::changes::{self, Changes};
use crate::{Query, StoreError, Tx, blobs, params};

pub(crate) const IN_TRASH: &str = "select document from document where org = $1 and binder = $2 \
    and (trashed_at is not null or trashed_by is not null) limit $3";
pub(crate) const VERSIONS: &str =
    "select version, blob from version where org = $1 and document = $2";
pub(crate) const REMOVE_UPLOADS: &str = "delete from upload where org = $1 and version = $2";
const REMOVE_KEYS: &str = "delete from idempotency where org = $1 and version in ( \
    select v.version from version v where v.org = $1 and v.document = $2)";
const REMOVE_VERSIONS: &str = "delete from version where org = $1 and document = $2";
const REMOVE_DOCUMENT: &str = "delete from document where org = $1 and document = $2";
const IS_EMPTY: &str = "select 1 from binder b where b.org = $1 and b.binder = $2 \
    and b.trashed_at is not null and not exists \
    (select 1 from document d where d.org = $1 and d.binder = $2 \
    and (d.trashed_at is not null or d.trashed_by is not null))";
const REMOVE_BINDER: [&str; 5] = [
    "delete from allowed_value where org = $1 and binder = $2",
    "delete from binder_element where org = $1 and binder = $2",
    "delete from folder where org = $1 and binder = $2",
    "delete from facet_count where org = $1 and binder = $2",
    "delete from binder where org = $1 and binder = $2",
];

/// Removes at most `limit` documents of a binder that are in the trash, with their versions, and returns how many.
/// Called once a transaction until there are none, it holds up nobody for long.
pub async fn purge_documents(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    at: Timestamp,
    limit: i64,
) -> Result<usize, StoreError> {
    let org = scope.owner();
    let mut changes = Changes::default();
    let documents = tx.query(IN_TRASH, params![org, binder, limit]).await?;
    let count = documents.len();
    let mut blob_keys = std::collections::BTreeSet::new();
    for mut row in documents {
        let document: i64 = row.take(0)?;
        tx.query(REMOVE_KEYS, params![org, document]).await?;
        for mut version in tx.query(VERSIONS, params![org, document]).await? {
            tx.query(REMOVE_UPLOADS, params![org, version.take::<i64>(0)?]).await?;
            blob_keys.insert(version.take::<i64>(1)?);
        }
        tx.query(REMOVE_VERSIONS, params![org, document]).await?;
        tx.query(REMOVE_DOCUMENT, params![org, document]).await?;
    }
    for blob in blob_keys {
        if let Some(size) = blobs::mark_dead_if_unneeded(tx, scope, blob, at).await? {
            changes.usage.bytes -= size;
        }
    }
    changes::apply(tx, scope, &changes).await?;
    Ok(count)
}

/// Removes a binder that is in the trash and whose documents are purged; false when it is not so.
/// Its elements stay in the organization, since other binders may have them.
pub async fn purge_binder(tx: &Tx, scope: &Scope, binder: i64) -> Result<bool, StoreError> {
    if tx.query_opt(IS_EMPTY, params![scope.owner(), binder]).await?.is_none() {
        return Ok(false);
    }
    for sql in REMOVE_BINDER {
        tx.query(sql, params![scope.owner(), binder]).await?;
    }
    changes::bump(tx, scope, binder).await?;
    Ok(true)
}
