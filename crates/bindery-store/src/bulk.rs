//! Rows in bulk: documents, versions and journal entries, many to a statement, for loads that know them all.
//!
//! The caller gives the internal keys, from [`new_keys`], and counts what it adds for [`crate::usage`]; the search
//! tables are filled afterwards by [`crate::search::bulk`].

use std::borrow::Cow;
use std::fmt::Write as _;

use bindery_domain::{DocumentId, FileName, Scope, Timestamp, VersionId};

use crate::{Query, Sql, StoreError, Tx, Value, params};

/// Rows of one statement.
const ROWS: usize = 100;

macro_rules! keys {
    ($table:literal) => {
        Sql::Each {
            sqlite: std::borrow::Cow::Borrowed(concat!(
                "select coalesce(max(",
                $table,
                "), 0) + 1 from ",
                $table,
                " where $1 > 0"
            )),
            postgres: std::borrow::Cow::Borrowed(concat!(
                "select nextval(pg_get_serial_sequence('",
                $table,
                "', '",
                $table,
                "')) ",
                "from generate_series(1, $1::bigint)"
            )),
        }
    };
}
const DOCUMENT_KEYS: Sql = keys!("document");
const VERSION_KEYS: Sql = keys!("version");
const DOCUMENTS: &str = "insert into document (org, id, binder, tab, folder, newest, name, \
    name_identity, name_search, name_order, created_by, latest, latest_id, latest_label, versions, \
    greatest_label, metadata, modified, document) values ";
const VERSIONS: &str = "insert into version (org, id, document, number, blob, file_name, label, \
    metadata, created, created_by, modified, version) values ";

const CLEAR_FACETS: &str = "delete from facet where org = $1";
const CLEAR_COUNTS: &str = "delete from facet_count where org = $1";
// On PostgreSQL the names have no table of their own.
const CLEAR_NAMES: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(
        "delete from document_name where rowid in (select document from document where org = $1)",
    ),
    postgres: std::borrow::Cow::Borrowed("select $1::bigint limit 0"),
};

/// A document with all that its versions make of it.
#[derive(Debug, Clone)]
pub struct BulkDocument {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: DocumentId,
    /// Internal key of its binder.
    pub binder_key: i64,
    /// Internal key of the tab at the top of its folder.
    pub tab_key: i64,
    /// Internal key of its folder.
    pub folder_key: i64,
    /// When it was made.
    pub created: Timestamp,
    /// Its name.
    pub name: FileName,
    /// Who made it.
    pub created_by: &'static str,
    /// The greatest of its labels that are whole numbers; 0 when there is none.
    pub greatest_label: i64,
    /// Its versions, oldest first; at least one.
    pub versions: Vec<BulkVersion>,
}

/// A version.
#[derive(Debug, Clone)]
pub struct BulkVersion {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: VersionId,
    /// Internal key of its bytes.
    pub blob_key: i64,
    /// Its label.
    pub label: String,
    /// Its metadata as JSON.
    pub metadata: String,
    /// When it was made.
    pub created: Timestamp,
    /// Who made it.
    pub created_by: &'static str,
}

/// Internal keys for so many documents and so many versions, rising.
///
/// # Errors
/// As the engine.
pub async fn new_keys(
    tx: &Tx,
    documents: usize,
    versions: usize,
) -> Result<(Vec<i64>, Vec<i64>), StoreError> {
    let documents = keys(tx, DOCUMENT_KEYS, documents).await?;
    Ok((documents, keys(tx, VERSION_KEYS, versions).await?))
}

/// SQLite, where nobody else writes until the end of the transaction, says the first key only.
async fn keys(tx: &Tx, sql: Sql, count: usize) -> Result<Vec<i64>, StoreError> {
    let number = i64::try_from(count).unwrap_or(i64::MAX);
    let rows = tx.query(sql, params![number]).await?;
    let keys = rows.into_iter().map(|mut row| row.take(0)).collect::<Result<Vec<i64>, _>>()?;
    match keys.as_slice() {
        [first] => Ok((*first..*first + number).collect()),
        _ => Ok(keys),
    }
}

/// Inserts documents and their versions.
///
/// # Errors
/// As the engine; [`StoreError::Unique`] for an id that is used.
pub async fn insert_documents(
    tx: &Tx,
    scope: &Scope,
    documents: Vec<BulkDocument>,
) -> Result<(), StoreError> {
    let mut versions = Rows::new(VERSIONS);
    let mut rows = Rows::new(DOCUMENTS);
    for document in documents {
        let (Some(latest), number) = (document.versions.last(), document.versions.len()) else {
            continue;
        };
        let name = &document.name;
        rows.push(params![
            scope.owner(),
            document.id,
            document.binder_key,
            document.tab_key,
            document.folder_key,
            -document.created.0,
            name.as_str(),
            name.identity(),
            name.search(),
            name.order(),
            document.created_by,
            latest.key,
            latest.id,
            latest.label.as_str(),
            i64::try_from(number).unwrap_or(i64::MAX),
            document.greatest_label,
            latest.metadata.as_str(),
            latest.created,
            document.key
        ]);
        for (number, version) in (1_i64..).zip(&document.versions) {
            versions.push(params![
                scope.owner(),
                version.id,
                document.key,
                number,
                version.blob_key,
                name.as_str(),
                version.label.as_str(),
                version.metadata.as_str(),
                version.created,
                version.created_by,
                version.created,
                version.key
            ]);
            versions.flush(tx, ROWS).await?;
        }
        rows.flush(tx, ROWS).await?;
    }
    rows.flush(tx, 1).await?;
    versions.flush(tx, 1).await
}

/// Rows of one table on their way into a statement.
pub(crate) struct Rows {
    insert: Cow<'static, str>,
    values: Vec<Value>,
    columns: usize,
    count: usize,
}

impl Rows {
    /// Collects rows for a text that ends on `values `.
    pub(crate) fn new(insert: impl Into<Cow<'static, str>>) -> Self {
        Self { insert: insert.into(), values: Vec::new(), columns: 0, count: 0 }
    }

    /// Adds a row; all have the same number of columns.
    pub(crate) fn push(&mut self, row: Vec<Value>) {
        self.columns = row.len();
        self.count += 1;
        self.values.extend(row);
    }

    /// Writes the rows when there are at least so many.
    pub(crate) async fn flush(&mut self, tx: &Tx, least: usize) -> Result<(), StoreError> {
        if self.count < least {
            return Ok(());
        }
        let mut text = self.insert.clone().into_owned();
        for row in 0..self.count {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                let comma = if column == 0 { "" } else { ", " };
                let number = row * self.columns + column + 1;
                write!(text, "{comma}${number}").map_err(|_| StoreError::Column(number))?;
            }
            text.push(')');
        }
        self.count = 0;
        tx.query(text, std::mem::take(&mut self.values)).await.map(drop)
    }
}

/// Empties the search tables of an organization, so that [`crate::search::bulk::fill`] can begin again.
///
/// # Errors
/// As the engine.
pub async fn clear_search(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    for text in [CLEAR_FACETS, CLEAR_COUNTS] {
        tx.query(text, params![scope.owner()]).await?;
    }
    tx.query(CLEAR_NAMES, params![scope.owner()]).await.map(drop)
}
