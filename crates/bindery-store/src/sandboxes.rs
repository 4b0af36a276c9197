//! Sandboxes: organizations that visitors get for a while, and that end with all they have, their journal included.

use bindery_domain::{BlobId, OrgKey, OrganizationId, Scope, Timestamp, UploadId};

use crate::{
    Query, Row, Sql, StoreError, Tx, bulk, changes, journal, organizations, params, server_values,
};

const INSERT: &str = "insert into sandbox (org, expires) values ($1, $2)";
const FIND: &str = "select s.org, o.id, s.expires, o.disabled_at from sandbox s \
    join organization o on o.org = s.org where s.org = $1";
const DUE: &str = "select s.org, o.id, s.expires, o.disabled_at from sandbox s \
    join organization o on o.org = s.org where s.expires <= $1 order by s.expires, s.org limit $2";
const COUNT: &str = "select count(*), coalesce(min(expires), 0) from sandbox";
// Sums of bigint are numeric on PostgreSQL.
const RESERVED: &str = "select cast(coalesce(sum(u.versions), 0) as bigint) + (select count(*) from upload p where p.org = $1 \
    and p.state in ('open', 'receiving', 'received')), cast(coalesce(sum(u.bytes), 0) as bigint) + (select \
    cast(coalesce(sum(coalesce(p.size, cast($2 as bigint))), 0) as bigint) from upload p \
    where p.org = $1 and p.state in ('open', 'receiving', 'received')) from usage u where u.org = $1";
// Pictures made of blobs lie beside them.
const BLOBS: &str = "select id from blob where org = $1 union \
    select blob from upload where org = $1 and blob is not null union \
    select id from derived where org = $1";
const UPLOADS: &str = "select id from upload where org = $1 and state in ('open', 'receiving')";
/// Tables of an organization's contents; what hangs on a row goes before it.
const CONTENTS: [&str; 18] = [
    "delete from page_text where org = $1",
    "delete from derived where org = $1",
    "delete from preview_part where org = $1",
    "delete from preview where org = $1",
    "delete from idempotency where org = $1",
    "delete from upload where org = $1",
    "delete from version where org = $1",
    "delete from document where org = $1",
    "delete from blob where org = $1",
    "delete from allowed_value where org = $1",
    "delete from binder_element where org = $1",
    "delete from value where org = $1",
    "delete from element where org = $1",
    "delete from folder where org = $1",
    "delete from binder where org = $1",
    "delete from journal where org = $1",
    "delete from job where org = $1",
    "update usage set documents = 0, versions = 0, bytes = 0 where org = $1",
];
/// What is left of an organization without contents.
const ORGANIZATION: [&str; 8] = [
    "delete from usage where org = $1",
    "delete from change_number where org = $1",
    "delete from journal_head where org = $1",
    "delete from sandbox where org = $1",
    "delete from client_secret where client in (select c.id from client c where c.org = $1)",
    "delete from client where org = $1",
    "delete from job_organization where org = $1",
    "delete from organization where org = $1",
];

/// A sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxRow {
    /// Internal key of its organization.
    pub key: OrgKey,
    /// Public id of its organization.
    pub id: OrganizationId,
    /// When it ends.
    pub expires: Timestamp,
    /// Since when its client is refused.
    pub disabled_at: Option<Timestamp>,
}

/// How many sandboxes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SandboxCount {
    /// How many, expired ones that are still to be removed included.
    pub sandboxes: i64,
    /// When the first of them ends.
    pub first_expires: Timestamp,
}

/// What a sandbox has taken, or may still take by the upload URLs that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// Versions, and uploads that may become one.
    pub versions: i64,
    /// Bytes of both.
    pub bytes: i64,
}

/// Bytes in the storage that no row names any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// Whole files.
    pub blobs: Vec<BlobId>,
    /// Uploads that may have blocks.
    pub uploads: Vec<UploadId>,
}

impl SandboxRow {
    /// The scope of the work that ends it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::own(self.key)
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            expires: row.take(2)?,
            disabled_at: row.take(3)?,
        })
    }
}

/// Makes an organization a sandbox.
pub async fn insert(tx: &Tx, scope: &Scope, expires: Timestamp) -> Result<(), StoreError> {
    tx.query(INSERT, params![scope.owner(), expires]).await.map(drop)
}

/// The sandbox that an organization is, if it is one.
pub async fn find(db: &impl Query, scope: &Scope) -> Result<Option<SandboxRow>, StoreError> {
    db.query_opt(FIND, params![scope.owner()]).await?.map(SandboxRow::read).transpose()
}

/// At most `limit` sandboxes whose time is over, the oldest first.
pub async fn due(
    db: &impl Query,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<SandboxRow>, StoreError> {
    db.query(DUE, params![now, limit]).await?.into_iter().map(SandboxRow::read).collect()
}

/// How many sandboxes there are.
pub async fn count(db: &impl Query) -> Result<SandboxCount, StoreError> {
    let mut row = db.query_opt(COUNT, params![]).await?.ok_or(StoreError::Column(0))?;
    Ok(SandboxCount { sandboxes: row.take(0)?, first_expires: row.take(1)? })
}

/// What the organization has taken; an upload whose bytes have not come counts as `limit_bytes`.
pub async fn reserved(
    db: &impl Query,
    scope: &Scope,
    limit_bytes: i64,
) -> Result<Reserved, StoreError> {
    let row = db.query_opt(RESERVED, params![scope.owner(), limit_bytes]).await?;
    let mut row = row.ok_or_else(|| StoreError::Corrupt("a sandbox without counters".into()))?;
    Ok(Reserved { versions: row.take(0)?, bytes: row.take(1)? })
}

/// Removes all that a sandbox contains, its journal included; organization, clients and secrets stay. The caller removes
/// the bytes when the transaction is done: a file without a row is swept, a row without its file is a loss.
pub async fn clear(tx: &Tx, sandbox: &SandboxRow) -> Result<Leftovers, StoreError> {
    let scope = sandbox.scope();
    let leftovers = remove_contents(tx, &scope).await?;
    journal::begin_again(tx, &scope, sandbox.id).await?;
    organizations::insert_built_ins(tx, &scope).await?;
    // What searches remember is found by this number, which therefore never falls.
    changes::bump(tx, &scope, changes::ORGANIZATION).await?;
    Ok(leftovers)
}

/// Removes a sandbox with its organization, clients and secrets; as [`clear`], the caller removes the bytes. Disable the
/// organization first, and wait until every node refuses its client.
pub async fn remove(tx: &Tx, sandbox: &SandboxRow) -> Result<Leftovers, StoreError> {
    let scope = sandbox.scope();
    server_values::count_identity_change(tx).await?;
    let leftovers = remove_contents(tx, &scope).await?;
    organizations::retire_key(tx, sandbox.key).await?;
    for sql in ORGANIZATION {
        tx.query(sql, params![scope.owner()]).await?;
    }
    Ok(leftovers)
}

async fn remove_contents(tx: &Tx, scope: &Scope) -> Result<Leftovers, StoreError> {
    // Whoever folds the counters holds this, too: what they are folding into would not be seen, and would stay.
    journal::lock_head(tx, scope).await?;
    let mut leftovers = Leftovers::default();
    for mut row in tx.query(BLOBS, params![scope.owner()]).await? {
        leftovers.blobs.push(row.take(0)?);
    }
    for mut row in tx.query(UPLOADS, params![scope.owner()]).await? {
        leftovers.uploads.push(row.take(0)?);
    }
    bulk::clear_search(tx, scope).await?;
    for sql in CONTENTS {
        tx.query(Sql::from(sql), params![scope.owner()]).await?;
    }
    Ok(leftovers)
}
