//! The journal: what changed, by whom, in the organization's order, each entry bound to the one before.
//!
//! Every change appends its entries in its own transaction. An entry is sealed when it has its number and its
//! hash (see [`Chain`]); readers see sealed entries only. On SQLite the transaction seals them itself; on PostgreSQL, where
//! writers would wait for each other's, [`seal`] does it beside them, one runner for each organization. No secret, token or presigned URL ever stands in one.

mod chain;
mod verify;

use std::borrow::Cow;
use std::fmt::Write as _;

use bindery_domain::{OrgKey, OrganizationId, Scope, Timestamp};

use crate::bulk::Rows;
use crate::{Query, Row, Sql, StoreError, Tx, Value, changes, params};

pub use chain::Chain;
pub use verify::{Verified, verify};

const BEGIN: &str = "insert into journal_head (org, seq, at, hash) values ($1, 0, 0, $2)";
const BEGIN_AGAIN: &str = "update journal_head set seq = 0, hash = $2 where org = $1";
// On PostgreSQL writers do not come one after the other: a row that each changes would make them wait.
const NOW: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "update journal_head set at = case when at < $2 then $2 else at + 1 end \
         where org = $1 returning at",
    ),
    postgres: Cow::Borrowed("select next_change_time($2) from journal_head where org = $1"),
};
macro_rules! head {
    ($lock:literal) => {
        concat!("select seq, at, hash from journal_head where org = $1", $lock)
    };
}
const HEAD: &str = head!("");
const LOCK_HEAD: Sql =
    Sql::Each { sqlite: Cow::Borrowed(head!("")), postgres: Cow::Borrowed(head!(" for update")) };
const TRY_LOCK_HEAD: Sql = Sql::Each {
    sqlite: Cow::Borrowed(head!("")),
    postgres: Cow::Borrowed(head!(" for update skip locked")),
};
const SAVE_HEAD: &str = "update journal_head set seq = $2, hash = $3, \
    at = case when at < $4 then $4 else at end where org = $1";
const INSERT: &str = "insert into journal \
    (org, at, actor, verb, object_kind, object, before, after, seq, hash) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const INSERT_BULK: &str = "insert into journal \
    (org, at, actor, verb, object_kind, object, before, after, seq, hash) values ";
pub(crate) const UNSEALED: &str = "select at, actor, verb, object_kind, object, before, after, entry \
    from journal where org = $1 and seq is null order by entry limit $2";
// The one statement over all organizations: it says where a sealer has work, and names no entry.
const UNSEALED_ORGANIZATIONS: &str =
    "select distinct org from journal where seq is null order by org";
// Numbers and hashes come as a JSON array in a text, so that there is one statement however many they are.
const SEAL: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "update journal set seq = k.value ->> 1, hash = unhex(k.value ->> 2) from json_each($2) k \
         where org = $1 and entry = k.value ->> 0",
    ),
    postgres: Cow::Borrowed(
        "update journal set seq = cast(k.value ->> 1 as bigint), hash = decode(k.value ->> 2, 'hex') \
         from jsonb_array_elements(cast(cast($2 as text) as jsonb)) as k (value) \
         where org = $1 and entry = cast(k.value ->> 0 as bigint)",
    ),
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select at, actor, verb, object_kind, object, before, after, seq, hash from journal ",
            "where org = $1 and seq > $2 ",
            $rest
        )
    };
}
pub(crate) const READ: &str = select!("order by seq limit $3");
pub(crate) const READ_OBJECT: &str = select!("and object = $4 order by seq limit $3");

/// The actor of what an operator's command changes.
pub const OPERATOR: &str = "operator";

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who: a client's id, or [`OPERATOR`]. Names live elsewhere, so that a person can be erased.
    pub actor: String,
    /// What was done: `document.create`, `client.disable`, …
    pub verb: String,
    /// What kind of object it was done to: `document`, `client`, …
    pub object_kind: String,
    /// Public id of that object.
    pub object: String,
    /// JSON of what changed, as it was.
    pub before: Option<String>,
    /// JSON of what changed, as it is now.
    pub after: Option<String>,
}

/// A sealed entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number in the organization, from 1 without gaps.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// Binds it to the entry before.
    pub hash: [u8; 32],
}

/// The end of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the last entry; 0 while there is none.
    pub seq: i64,
    /// The latest time that was given; the next is later.
    pub at: Timestamp,
    /// Hash of the last entry.
    pub hash: [u8; 32],
}

impl Entry {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            at: row.take(0)?,
            actor: row.take(1)?,
            verb: row.take(2)?,
            object_kind: row.take(3)?,
            object: row.take(4)?,
            before: row.take(5)?,
            after: row.take(6)?,
        })
    }
}

/// Begins the journal of a new organization.
pub(crate) async fn begin(
    tx: &Tx,
    scope: &Scope,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    let genesis = Chain::of(organization);
    tx.query(BEGIN, params![scope.owner(), genesis.hash()]).await.map(drop)
}

/// Begins the journal of an organization anew, once its entries are removed. Times go on rising.
pub(crate) async fn begin_again(
    tx: &Tx,
    scope: &Scope,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    let genesis = Chain::of(organization);
    tx.query(BEGIN_AGAIN, params![scope.owner(), genesis.hash()]).await.map(drop)
}

/// The time of a change: what the clock says, but always later than any time given before in this organization,
/// so that no two changes have the same.
pub async fn now(tx: &Tx, scope: &Scope, clock: Timestamp) -> Result<Timestamp, StoreError> {
    let row = tx.query_opt(NOW, params![scope.owner(), clock]).await?;
    row.ok_or_else(|| no_head(scope))?.take(0)
}

/// Appends one entry.
pub async fn append(tx: &Tx, scope: &Scope, entry: &Entry) -> Result<(), StoreError> {
    append_all(tx, scope, std::slice::from_ref(entry)).await
}

/// Appends entries in this order.
pub async fn append_all(tx: &Tx, scope: &Scope, entries: &[Entry]) -> Result<(), StoreError> {
    if !tx.is_only_writer() {
        for entry in entries {
            append_unsealed(tx, scope, entry).await?;
        }
        return Ok(());
    }
    let head = head(tx, scope).await?;
    let mut chain = Chain::at(&head);
    for entry in entries {
        chain.seal(entry);
        let sealed = Some((chain.seq(), chain.hash()));
        insert(tx, scope, entry, sealed).await?;
    }
    let latest = entries.iter().map(|entry| entry.at).max();
    save_head(tx, scope, &chain, latest.unwrap_or(head.at)).await
}

/// Appends a great many entries in this order, sealed, many to a statement.
pub async fn append_bulk(tx: &Tx, scope: &Scope, entries: &[Entry]) -> Result<(), StoreError> {
    let head = lock_head(tx, scope).await?;
    let mut chain = Chain::at(&head);
    let mut rows = Rows::new(INSERT_BULK);
    for entry in entries {
        chain.seal(entry);
        rows.push(values(scope, entry, Some((chain.seq(), chain.hash()))));
        rows.flush(tx, 100).await?;
    }
    rows.flush(tx, 1).await?;
    let latest = entries.iter().map(|entry| entry.at).max().unwrap_or(head.at);
    // No later change has an earlier time.
    now(tx, scope, latest).await?;
    save_head(tx, scope, &chain, latest).await
}

/// Appends one entry without number and hash: a sealer beside the writers gives it them.
pub async fn append_unsealed(tx: &Tx, scope: &Scope, entry: &Entry) -> Result<(), StoreError> {
    insert(tx, scope, entry, None).await
}

/// The organizations with entries that wait for their number.
pub async fn unsealed_organizations(db: &impl Query) -> Result<Vec<OrgKey>, StoreError> {
    let rows = db.query(UNSEALED_ORGANIZATIONS, params![]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Seals at most `limit` entries in the order of their making, folds the organization's counters, and returns how many
/// entries it found. Waits for whoever does the same.
pub async fn seal(tx: &Tx, scope: &Scope, limit: i64) -> Result<usize, StoreError> {
    let head = lock_head(tx, scope).await?;
    seal_after(tx, scope, &head, limit).await
}

/// As [`seal`]; finds none where somebody else is at it.
pub async fn try_seal(tx: &Tx, scope: &Scope, limit: i64) -> Result<usize, StoreError> {
    match tx.query_opt(TRY_LOCK_HEAD, params![scope.owner()]).await? {
        Some(row) => seal_after(tx, scope, &read_head(row)?, limit).await,
        None => Ok(0),
    }
}

async fn seal_after(tx: &Tx, scope: &Scope, head: &Head, limit: i64) -> Result<usize, StoreError> {
    let unsealed = tx.query(UNSEALED, params![scope.owner(), limit]).await?;
    let (mut chain, mut latest, count) = (Chain::at(head), head.at, unsealed.len());
    let mut sealed = String::from("[");
    for mut row in unsealed {
        let entry = Entry::read(&mut row)?;
        let key: i64 = row.take(7)?;
        chain.seal(&entry);
        latest = latest.max(entry.at);
        let comma = if sealed.len() > 1 { "," } else { "" };
        let hash: String = chain.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        // Writing to a text cannot fail.
        let _ = write!(sealed, "{comma}[{key},{},\"{hash}\"]", chain.seq());
    }
    if count > 0 {
        sealed.push(']');
        tx.query(SEAL, params![scope.owner(), sealed]).await?;
        save_head(tx, scope, &chain, latest).await?;
        changes::fold(tx, scope).await?;
    }
    Ok(count)
}

/// The end of the organization's journal.
pub async fn head(db: &impl Query, scope: &Scope) -> Result<Head, StoreError> {
    let row = db.query_opt(HEAD, params![scope.owner()]).await?;
    read_head(row.ok_or_else(|| no_head(scope))?)
}

/// At most `limit` sealed entries after the number `since`, those of one object only when it is named.
pub async fn read(
    db: &impl Query,
    scope: &Scope,
    since: i64,
    object: Option<&str>,
    limit: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let rows = match object {
        None => db.query(READ, params![scope.owner(), since, limit]).await?,
        Some(object) => db.query(READ_OBJECT, params![scope.owner(), since, limit, object]).await?,
    };
    rows.into_iter()
        .map(|mut row| {
            let entry = Entry::read(&mut row)?;
            Ok(EntryRow { entry, seq: row.take(7)?, hash: row.take(8)? })
        })
        .collect()
}

/// The end of the journal, which nobody else moves until the transaction ends.
pub(crate) async fn lock_head(tx: &Tx, scope: &Scope) -> Result<Head, StoreError> {
    let row = tx.query_opt(LOCK_HEAD, params![scope.owner()]).await?;
    read_head(row.ok_or_else(|| no_head(scope))?)
}

fn read_head(mut row: Row) -> Result<Head, StoreError> {
    Ok(Head { seq: row.take(0)?, at: row.take(1)?, hash: row.take(2)? })
}

async fn insert(
    tx: &Tx,
    scope: &Scope,
    entry: &Entry,
    sealed: Option<(i64, [u8; 32])>,
) -> Result<(), StoreError> {
    tx.query(INSERT, values(scope, entry, sealed)).await.map(drop)
}

fn values(scope: &Scope, entry: &Entry, sealed: Option<(i64, [u8; 32])>) -> Vec<Value> {
    params![
        scope.owner(),
        entry.at,
        entry.actor.as_str(),
        entry.verb.as_str(),
        entry.object_kind.as_str(),
        entry.object.as_str(),
        entry.before.as_deref(),
        entry.after.as_deref(),
        sealed.map(|(seq, _)| seq),
        sealed.map(|(_, hash)| hash)
    ]
}

async fn save_head(tx: &Tx, scope: &Scope, chain: &Chain, at: Timestamp) -> Result<(), StoreError> {
    let values = params![scope.owner(), chain.seq(), chain.hash(), at];
    tx.query(SAVE_HEAD, values).await.map(drop)
}

fn no_head(scope: &Scope) -> StoreError {
    StoreError::Corrupt(format!("organization {} has no journal", scope.owner().0))
}
