//! The trash. A trashed object has `trashed_at`; what was live beneath it carries `trashed_by`, written in the same
//! transaction, so that reads look at the object alone. Counters and the search index leave both out. Of a large binder
//! most documents go before it, so that no transaction is long.
//!
//! Restoring brings back what carries the object's mark, and nothing that was trashed by itself before.

pub(crate) mod beneath;
pub(crate) mod purge;

use bindery_domain::{FileName, Scope, Timestamp};

use crate::changes::{self, Changes};
use crate::{Query, StoreError, Tx, documents, params};

use beneath::{Beneath, Mark};

pub use beneath::Way;
pub use purge::{purge_binder, purge_documents};

const TRASH_BINDER: &str = "update binder set trashed_at = $3 \
    where org = $1 and binder = $2 and trashed_at is null returning binder";
const RESTORE_BINDER: &str = "update binder set trashed_at = null \
    where org = $1 and binder = $2 and trashed_at is not null returning binder";
const TRASH_FOLDER: &str = "update folder set trashed_at = $3 where org = $1 and folder = $2 \
    and trashed_at is null and trashed_by is null returning binder";
// Only into a place that is itself not in the trash.
const RESTORE_FOLDER: &str = "update folder set trashed_at = null \
    where org = $1 and folder = $2 and trashed_at is not null and trashed_by is null \
    and exists (select 1 from binder b where b.org = $1 and b.binder = folder.binder \
    and b.trashed_at is null) \
    and (parent is null or exists (select 1 from folder p where p.org = $1 \
    and p.folder = folder.parent and p.trashed_at is null and p.trashed_by is null)) \
    returning binder";
const TRASH_DOCUMENT: &str = "update document set trashed_at = $3 where org = $1 and document = $2 \
    and trashed_at is null and trashed_by is null returning binder";
const RESTORE_DOCUMENT: &str = "update document set trashed_at = null \
    where org = $1 and document = $2 and trashed_at is not null and trashed_by is null \
    and exists (select 1 from folder f where f.org = $1 and f.folder = document.folder \
    and f.trashed_at is null and f.trashed_by is null) \
    and exists (select 1 from binder b where b.org = $1 and b.binder = document.binder \
    and b.trashed_at is null) returning binder";

/// Puts a binder with all beneath it into the trash; false when it is not there or trashed already.
pub async fn trash_binder(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    if tx.query_opt(TRASH_BINDER, params![scope.owner(), binder, at]).await?.is_none() {
        return Ok(false);
    }
    hide(tx, scope, binder, Mark::Binder(binder)).await?;
    Ok(true)
}

/// Brings a binder back with what its trashing hid; false when it is not in the trash.
pub async fn restore_binder(tx: &Tx, scope: &Scope, binder: i64) -> Result<bool, StoreError> {
    if tx.query_opt(RESTORE_BINDER, params![scope.owner(), binder]).await?.is_none() {
        return Ok(false);
    }
    show(tx, scope, binder, Mark::Binder(binder)).await?;
    Ok(true)
}

/// Moves some documents of a binder into the trash ahead of it, or back ahead of it, and returns how many.
///
/// Called once a transaction until it returns 0, it lets other writers in between, however large the binder is. It
/// moves at most `most` documents and leaves `leave`, which [`trash_binder`] or [`restore_binder`] then takes along.
/// Until then the binder is as it was, and the documents that were moved carry its mark.
pub async fn move_documents_ahead(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    way: Way,
    (most, leave): (i64, i64),
) -> Result<i64, StoreError> {
    let mut beneath = Beneath::load(tx, scope, binder).await?;
    let moved = beneath.move_ahead(way, most, leave).await?;
    if moved > 0 {
        finish(tx, scope, beneath.changes).await?;
    }
    Ok(moved)
}

/// Puts a folder or tab with all beneath it into the trash; false when it is not there or trashed already.
pub async fn trash_folder(
    tx: &Tx,
    scope: &Scope,
    folder: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let row = tx.query_opt(TRASH_FOLDER, params![scope.owner(), folder, at]).await?;
    let Some(mut row) = row else { return Ok(false) };
    hide(tx, scope, row.take(0)?, Mark::Folder(folder)).await?;
    Ok(true)
}

/// Brings a folder back with what its trashing hid; false when it is not in the trash, or where it was is.
pub async fn restore_folder(tx: &Tx, scope: &Scope, folder: i64) -> Result<bool, StoreError> {
    let row = tx.query_opt(RESTORE_FOLDER, params![scope.owner(), folder]).await?;
    let Some(mut row) = row else { return Ok(false) };
    show(tx, scope, row.take(0)?, Mark::Folder(folder)).await?;
    Ok(true)
}

/// Puts a document into the trash; false when it is not there or trashed already.
pub async fn trash_document(
    tx: &Tx,
    scope: &Scope,
    document: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let row = tx.query_opt(TRASH_DOCUMENT, params![scope.owner(), document, at]).await?;
    let Some(mut row) = row else { return Ok(false) };
    let mut beneath = Beneath::load(tx, scope, row.take(0)?).await?;
    beneath.hide_one(document).await?;
    changes::apply(tx, scope, &beneath.changes).await?;
    Ok(true)
}

/// Brings a document back, under another name if one is given; false when it is not in the trash, or its folder is.
/// A name that the folder has by now is [`StoreError::Unique`] `document_name_key`: ask for a new one.
pub async fn restore_document(
    tx: &Tx,
    scope: &Scope,
    document: i64,
    new_name: Option<&FileName>,
) -> Result<bool, StoreError> {
    if let Some(name) = new_name {
        documents::rename(tx, scope, document, name).await?;
    }
    let row = tx.query_opt(RESTORE_DOCUMENT, params![scope.owner(), document]).await?;
    let Some(mut row) = row else { return Ok(false) };
    let mut beneath = Beneath::load(tx, scope, row.take(0)?).await?;
    beneath.show_one(document).await?;
    changes::apply(tx, scope, &beneath.changes).await?;
    Ok(true)
}

async fn hide(tx: &Tx, scope: &Scope, binder: i64, mark: Mark) -> Result<(), StoreError> {
    let mut beneath = Beneath::load(tx, scope, binder).await?;
    beneath.hide(mark).await?;
    finish(tx, scope, beneath.changes).await
}

async fn show(tx: &Tx, scope: &Scope, binder: i64, mark: Mark) -> Result<(), StoreError> {
    let mut beneath = Beneath::load(tx, scope, binder).await?;
    beneath.show(mark).await?;
    finish(tx, scope, beneath.changes).await
}

async fn finish(tx: &Tx, scope: &Scope, changes: Changes) -> Result<(), StoreError> {
    changes::apply(tx, scope, &changes).await
}
