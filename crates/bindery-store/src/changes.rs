//! What a transaction changes of the counters, gathered while it runs and applied last, in key order.
//!
//! Counters are rows that every commit of an organization touches. Whoever takes them last, and in one order,
//! holds them shortly and never waits in a circle.

use std::collections::BTreeSet;

use bindery_domain::Scope;

use crate::usage::{self, UsageRow};
use crate::{Query, StoreError, Tx, params};

macro_rules! bump {
    ($binders:literal) => {
        concat!(
            "insert into change_number (org, binder, n) values ",
            $binders,
            " on conflict (org, binder) do update set n = change_number.n + 1"
        )
    };
}
const BUMP: &str = bump!("($1, $2, 1)");
// The organization first, as everywhere: locks are taken in the order of the rows.
const BUMP_BOTH: &str = bump!("($1, $2, 1), ($1, $3, 1)");
const NUMBER: &str = "select n from change_number where org = $1 and binder = $2";

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
