//! How much an organization keeps: counters that are exact at every commit.

use std::borrow::Cow;

use bindery_domain::Scope;

use crate::{Query, Row, Sql, StoreError, Tx, params};

const LOAD: &str = "select cast(coalesce(sum(documents), 0) as bigint), \
    cast(coalesce(sum(versions), 0) as bigint), cast(coalesce(sum(bytes), 0) as bigint) \
    from usage where org = $1";
const ADD: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "update usage set documents = documents + $2, versions = versions + $3, \
         bytes = bytes + $4 where org = $1",
    ),
    postgres: Cow::Borrowed(
        "insert into usage (org, documents, versions, bytes) values ($1, $2, $3, $4)",
    ),
};
const SAVE: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "update usage set documents = $2, versions = $3, bytes = $4 where org = $1",
    ),
    postgres: Cow::Borrowed(
        "with gone as (delete from usage where org = $1) \
         insert into usage (org, documents, versions, bytes) values ($1, $2, $3, $4)",
    ),
};
// Sums of bigint are numeric on PostgreSQL.
const RECOUNT: &str = "select (select count(*) from document where org = $1 \
    and trashed_at is null and trashed_by is null), \
    (select cast(coalesce(sum(versions), 0) as bigint) from document where org = $1 \
    and trashed_at is null and trashed_by is null), \
    (select cast(coalesce(sum(size), 0) as bigint) from blob where org = $1 and dead_at is null)";

/// What an organization keeps, or by how much that changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageRow {
    /// Documents that are not in the trash.
    pub documents: i64,
    /// Versions of those documents.
    pub versions: i64,
    /// Stored bytes that versions need, those in the trash included; equal bytes count once.
    pub bytes: i64,
}

impl UsageRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self { documents: row.take(0)?, versions: row.take(1)?, bytes: row.take(2)? })
    }
}

/// What the counters say.
pub async fn load(db: &impl Query, scope: &Scope) -> Result<UsageRow, StoreError> {
    let row = db.query_opt(LOAD, params![scope.owner()]).await?;
    row.map_or(Ok(UsageRow::default()), UsageRow::read)
}

/// What a count of the rows says; the same as [`load`] within one snapshot.
pub async fn recount(db: &impl Query, scope: &Scope) -> Result<UsageRow, StoreError> {
    let row = db.query_opt(RECOUNT, params![scope.owner()]).await?;
    row.map_or(Ok(UsageRow::default()), UsageRow::read)
}

/// Adds to the counters; through [`crate::changes::apply`], so that it comes last.
pub(crate) async fn add(tx: &Tx, scope: &Scope, more: &UsageRow) -> Result<(), StoreError> {
    let values = params![scope.owner(), more.documents, more.versions, more.bytes];
    tx.query(ADD, values).await.map(drop)
}

/// Sets the counters, after a bulk load that counted itself.
pub async fn save(tx: &Tx, scope: &Scope, usage: &UsageRow) -> Result<(), StoreError> {
    let values = params![scope.owner(), usage.documents, usage.versions, usage.bytes];
    tx.query(SAVE, values).await.map(drop)
}
