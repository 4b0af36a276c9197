//! The words of pages with their boxes, for search and highlighting.
//!
//! One row a page, deflated: the words repeat and their boxes are digits, so that a page of text takes about a third.

use bindery_domain::Scope;

use crate::{Query, StoreError, Tx, params};

const SAVE: &str = "insert into page_text (org, blob, page, words) values ($1, $2, $3, $4) \
    on conflict (org, blob, page) do update set words = excluded.words";
const REMOVE: &str = "delete from page_text where org = $1 and blob = $2";
pub(crate) const FIND: &str =
    "select words from page_text where org = $1 and blob = $2 and page = $3";

/// Replaces the words of all pages of a blob. Each page: its number, from 1, and its deflated words.
///
/// # Errors
/// As the engine.
pub async fn replace(
    tx: &Tx,
    scope: &Scope,
    blob_key: i64,
    pages: &[(i64, Vec<u8>)],
) -> Result<(), StoreError> {
    tx.query(REMOVE, params![scope.owner(), blob_key]).await?;
    for (page, words) in pages {
        tx.query(SAVE, params![scope.owner(), blob_key, *page, words.as_slice()]).await?;
    }
    Ok(())
}

/// The deflated words of a page.
///
/// # Errors
/// As the engine.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
    page: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), blob_key, page]).await?;
    row.map(|mut row| row.take(0)).transpose()
}
