//! The end of a commit: its entry in the journal and what it changes of the counters.

use std::borrow::Cow;

use bindery_domain::Scope;

use crate::changes::{self, Changes};
use crate::journal::{self, Entry};
use crate::{Query, Sql, StoreError, Tx, params};

// Beside other writers all of it is new rows that nobody waits for, so that one question does for three.
const CLOSE: Sql = Sql::Each {
    sqlite: Cow::Borrowed(""),
    postgres: Cow::Borrowed(
        "with entry as (insert into journal \
         (org, at, actor, verb, object_kind, object, before, after) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)), \
         number as (insert into change_number (org, binder, n) values ($1, $9, 1), ($1, $10, 1)) \
         insert into usage (org, documents, versions, bytes) values ($1, $11, $12, $13)",
    ),
};

/// Appends the entry and applies the changes. Call it last in the transaction.
///
/// # Errors
/// As the engine.
pub async fn close(
    tx: &Tx,
    scope: &Scope,
    entry: &Entry,
    changes: &Changes,
) -> Result<(), StoreError> {
    let binder = changes.binders.first().filter(|_| changes.binders.len() == 1);
    let Some(binder) = binder.filter(|_| !tx.is_only_writer()) else {
        journal::append(tx, scope, entry).await?;
        return changes::apply(tx, scope, changes).await;
    };
    let values = params![
        scope.owner(),
        entry.at,
        entry.actor.as_str(),
        entry.verb.as_str(),
        entry.object_kind.as_str(),
        entry.object.as_str(),
        entry.before.as_deref(),
        entry.after.as_deref(),
        changes::ORGANIZATION,
        *binder,
        changes.usage.documents,
        changes.usage.versions,
        changes.usage.bytes
    ];
    tx.query(CLOSE, values).await.map(drop)
}
