//! What a transaction changes of the counters, gathered while it runs and applied last, in key order.
//!
//! Counters are rows that every commit of an organization touches. On SQLite, where writers come one after the other,
//! they are changed in place. On PostgreSQL a change is a row of its own, so that writers never wait for each other, and
//! the counter is the sum of its rows; [`fold`] makes one row of many.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bindery_domain::Scope;

use crate::usage::{self, UsageRow};
use crate::{Query, Sql, StoreError, Tx, params};

macro_rules! bump {
    ($binders:literal) => {
        concat!("insert into change_number (org, binder, n) values ", $binders)
    };
}
macro_rules! bump_in_place {
    ($binders:literal) => {
        concat!(bump!($binders), " on conflict (org, binder) do update set n = change_number.n + 1")
    };
}
const BUMP: Sql = Sql::Each {
    sqlite: Cow::Borrowed(bump_in_place!("($1, $2, 1)")),
    postgres: Cow::Borrowed(bump!("($1, $2, 1)")),
};
// The organization first, as everywhere: locks are taken in the order of the rows.
const BUMP_BOTH: Sql = Sql::Each {
    sqlite: Cow::Borrowed(bump_in_place!("($1, $2, 1), ($1, $3, 1)")),
    postgres: Cow::Borrowed(bump!("($1, $2, 1), ($1, $3, 1)")),
};
// Each commit adds one: so the sum names one state of the database among all that a reader may see.
pub(crate) const NUMBER: &str = "select cast(coalesce(sum(n), 0) as bigint) from change_number \
    where org = $1 and binder = $2";

/// What makes one row of many, for each kind of counter.
const FOLDS: [&str; 3] = [
    "with parts as (delete from facet_count where org = $1 and part <> 0 \
     returning element, value, binder, tab, n) \
     insert into facet_count (org, element, value, binder, tab, part, n) \
     select $1, element, value, binder, tab, 0, sum(n) from parts group by element, value, binder, tab \
     on conflict (org, element, value, binder, tab, part) do update set n = facet_count.n + excluded.n",
    "with parts as (delete from change_number where org = $1 and part <> 0 returning binder, n) \
     insert into change_number (org, binder, part, n) \
     select $1, binder, 0, sum(n) from parts group by binder \
     on conflict (org, binder, part) do update set n = change_number.n + excluded.n",
    "with parts as (delete from usage where org = $1 and part <> 0 returning documents, versions, bytes) \
     insert into usage (org, part, documents, versions, bytes) \
     select $1, 0, sum(documents), sum(versions), sum(bytes) from parts having count(*) > 0 \
     on conflict (org, part) do update set documents = usage.documents + excluded.documents, \
     versions = usage.versions + excluded.versions, bytes = usage.bytes + excluded.bytes",
];

/// The binder that stands for the whole organization.
pub const ORGANIZATION: i64 = 0;

/// The changes of one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many documents, versions and bytes there are more (or fewer).
    pub usage: UsageRow,
    /// Internal keys of the binders in which something changed.
    pub binders: BTreeSet<i64>,
}

impl Changes {
    /// Notes that something changed in a binder.
    pub fn touch(&mut self, binder: i64) {
        self.binders.insert(binder);
    }
}

/// Applies the changes: what is remembered about the binders and the organization ends, and the usage is counted.
/// Call it last in the transaction.
pub async fn apply(tx: &Tx, scope: &Scope, changes: &Changes) -> Result<(), StoreError> {
    for (n, binder) in changes.binders.iter().enumerate() {
        if n == 0 {
            tx.query(BUMP_BOTH, params![scope.owner(), ORGANIZATION, *binder]).await?;
        } else {
            tx.query(BUMP, params![scope.owner(), *binder]).await?;
        }
    }
    if changes.usage != UsageRow::default() {
        usage::add(tx, scope, &changes.usage).await?;
    }
    Ok(())
}

/// Makes one row of the many that a counter of the organization may have on PostgreSQL. One transaction at a time does
/// so: the one that has locked the end of the journal.
pub(crate) async fn fold(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    if tx.is_only_writer() {
        return Ok(());
    }
    for text in FOLDS {
        tx.query(text, params![scope.owner()]).await?;
    }
    Ok(())
}

/// Ends what is remembered about one binder and about the organization.
pub async fn bump(tx: &Tx, scope: &Scope, binder: i64) -> Result<(), StoreError> {
    let changes = Changes { binders: BTreeSet::from([binder]), ..Changes::default() };
    apply(tx, scope, &changes).await
}

/// The change number of a binder, or with [`ORGANIZATION`] of the whole organization: what was remembered under
/// another number is old.
pub async fn number(db: &impl Query, scope: &Scope, binder: i64) -> Result<i64, StoreError> {
    let row = db.query_opt(NUMBER, params![scope.owner(), binder]).await?;
    row.map_or(Ok(0), |mut row| row.take(0))
}
