//! Documents: a name in a folder, and a copy of what its latest version says.

use bindery_domain::{BinderId, DocumentId, FileName, FolderId, Scope, Timestamp, VersionId};

use crate::{Chunk, Query, Row, Sql, StoreError, Tx, params};

macro_rules! columns {
    () => {
        "select d.document, d.id, d.name, f.id, b.id, d.binder, t.type, d.created_by, d.metadata, \
         d.latest_id, d.latest_label, d.newest"
    };
}
macro_rules! joins {
    () => {
        " join folder f on f.org = d.org and f.folder = d.folder \
         join folder t on t.org = d.org and t.folder = d.tab \
         join binder b on b.org = d.org and b.binder = d.binder "
    };
}
macro_rules! live {
    () => {
        " and d.trashed_at is null and d.trashed_by is null "
    };
}

pub(crate) const FIND: &str =
    concat!(columns!(), " from document d", joins!(), "where d.org = $1 and d.id = $2", live!());
pub(crate) const LIST: &str = concat!(
    columns!(),
    ", d.name_order from document d",
    joins!(),
    "where d.org = $1 and d.folder = $2",
    live!(),
    "and (d.name_order, d.id) > ($3, $4) order by d.name_order, d.id limit $5"
);
// The keys come as a JSON array in a text, so that there is one statement however many they are.
pub(crate) const BY_KEYS: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(concat!(
        columns!(),
        " from json_each($2) k cross join document d",
        joins!(),
        "where d.org = $1 and d.document = k.value",
        live!(),
        "order by k.key"
    )),
    postgres: std::borrow::Cow::Borrowed(concat!(
        columns!(),
        " from jsonb_array_elements_text(cast(cast($2 as text) as jsonb)) \
         with ordinality as k (value, place) \
         join document d on d.document = cast(k.value as bigint)",
        joins!(),
        "where d.org = $1",
        live!(),
        "order by k.place"
    )),
};

macro_rules! find_by_name {
    ($lock:literal) => {
        concat!(
            "select d.document, d.id, d.newest, d.name, d.created_by, d.latest, d.latest_id, ",
            "d.latest_label, d.versions, d.greatest_label, d.metadata, d.modified ",
            "from document d where d.org = $1 and d.folder = $2 and d.name_identity = $3",
            live!(),
            $lock
        )
    };
}
pub(crate) const FIND_BY_NAME: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(find_by_name!("")),
    postgres: std::borrow::Cow::Borrowed(find_by_name!("for update")),
};
const INSERT: &str = "insert into document (org, id, binder, tab, folder, newest, name, \
    name_identity, name_search, name_order, created_by, latest, latest_id, latest_label, versions, \
    greatest_label, metadata, modified) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, '', 0, 0, '[]', $13) \
    returning document";
const SET_LATEST: &str = "update document set latest = $3, latest_id = $4, versions = $5, \
    latest_label = $6, greatest_label = $7, metadata = $8, modified = $9 \
    where org = $1 and document = $2";
const RENAME: &str = "update document set name = $3, name_identity = $4, name_search = $5, \
    name_order = $6 where org = $1 and document = $2";

/// A document as answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// The tab or folder that it is directly in.
    pub folder_id: FolderId,
    /// Its binder.
    pub binder_id: BinderId,
    /// Internal key of its binder.
    pub binder_key: i64,
    /// Type of the tab at the top of its folder.
    pub tab_type: String,
    /// The client that made it.
    pub created_by: String,
    /// The latest version's metadata: a JSON array as it stands in answers, without the computed elements.
    pub metadata: String,
    /// Public id of the latest version.
    pub latest_id: VersionId,
    /// Label of the latest version.
    pub latest_label: String,
    /// Minus the time of its making; unique in the organization.
    pub newest: i64,
}

/// A document as the commit of a further version needs it, locked until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedDocument {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: DocumentId,
    /// Minus the time of its making.
    pub newest: i64,
    /// Its name.
    pub name: String,
    /// The client that made it.
    pub created_by: String,
    /// Internal key of its latest version.
    pub latest_key: i64,
    /// Public id of its latest version.
    pub latest_id: VersionId,
    /// Label of its latest version.
    pub latest_label: String,
    /// Number of its latest version, which is how many it has.
    pub versions: i64,
    /// The greatest of its labels that are whole numbers; 0 when there is none.
    pub greatest_label: i64,
    /// The latest version's metadata.
    pub metadata: String,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// A place in the list of a folder's documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    name_order: Vec<u8>,
    id: DocumentId,
}

/// What a new document is made of. It has no version yet: [`set_latest`] follows in the same transaction.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    /// Public id.
    pub id: DocumentId,
    /// Internal key of its binder.
    pub binder_key: i64,
    /// Internal key of the tab at the top of its folder.
    pub tab_key: i64,
    /// Internal key of the folder that it is directly in.
    pub folder_key: i64,
    /// When it is made, from [`crate::journal::now`].
    pub created: Timestamp,
    /// Its name.
    pub name: &'a FileName,
    /// The client that makes it.
    pub created_by: &'a str,
}

/// What a document copies from its latest version.
#[derive(Debug, Clone)]
pub struct Latest<'a> {
    /// Internal key of the version.
    pub version_key: i64,
    /// Public id of the version.
    pub version_id: VersionId,
    /// Its number in the document.
    pub number: i64,
    /// Its label.
    pub label: &'a str,
    /// The greatest label so far that is a whole number; 0 when there is none.
    pub greatest_label: i64,
    /// Its metadata as JSON.
    pub metadata: &'a str,
    /// When it was made.
    pub modified: Timestamp,
}

impl DocumentRow {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            name: row.take(2)?,
            folder_id: row.take(3)?,
            binder_id: row.take(4)?,
            binder_key: row.take(5)?,
            tab_type: row.take(6)?,
            created_by: row.take(7)?,
            metadata: row.take(8)?,
            latest_id: row.take(9)?,
            latest_label: row.take(10)?,
            newest: row.take(11)?,
        })
    }
}

/// The document of an id.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: DocumentId,
) -> Result<Option<DocumentRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), id]).await?;
    row.map(|mut row| DocumentRow::read(&mut row)).transpose()
}

/// The documents of internal keys, in the order of the keys: a page that a search found.
pub async fn by_keys(
    db: &impl Query,
    scope: &Scope,
    keys: &[i64],
) -> Result<Vec<DocumentRow>, StoreError> {
    let list = serde_json::to_string(keys).map_err(|error| StoreError::Engine(error.into()))?;
    let rows = db.query(BY_KEYS, params![scope.owner(), list]).await?;
    rows.into_iter().map(|mut row| DocumentRow::read(&mut row)).collect()
}

/// The documents right in a folder, by name, then by id.
pub async fn list_of_folder(
    db: &impl Query,
    scope: &Scope,
    folder_key: i64,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Chunk<DocumentRow, Cursor>, StoreError> {
    let start = Cursor { name_order: Vec::new(), id: DocumentId::from_bytes([0; 16]) };
    let Cursor { name_order, id } = after.unwrap_or(&start);
    let values = params![scope.owner(), folder_key, name_order.as_slice(), *id, limit];
    let rows = db.query(LIST, values).await?.into_iter().map(|mut row| {
        let document = DocumentRow::read(&mut row)?;
        let place = Cursor { name_order: row.take(12)?, id: document.id };
        Ok((document, place))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// The document in a folder whose name has this identity, locked.
pub async fn find_by_name(
    tx: &Tx,
    scope: &Scope,
    folder_key: i64,
    name_identity: &str,
) -> Result<Option<LockedDocument>, StoreError> {
    let row = tx.query_opt(FIND_BY_NAME, params![scope.owner(), folder_key, name_identity]).await?;
    row.map(|mut row| {
        Ok(LockedDocument {
            key: row.take(0)?,
            id: row.take(1)?,
            newest: row.take(2)?,
            name: row.take(3)?,
            created_by: row.take(4)?,
            latest_key: row.take(5)?,
            latest_id: row.take(6)?,
            latest_label: row.take(7)?,
            versions: row.take(8)?,
            greatest_label: row.take(9)?,
            metadata: row.take(10)?,
            modified: row.take(11)?,
        })
    })
    .transpose()
}

/// Makes a document and returns its key. A name that the folder has already is [`StoreError::Unique`].
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewDocument<'_>) -> Result<i64, StoreError> {
    let name = new.name;
    let values = params![
        scope.owner(),
        new.id,
        new.binder_key,
        new.tab_key,
        new.folder_key,
        -new.created.0,
        name.as_str(),
        name.identity(),
        name.search(),
        name.order(),
        new.created_by,
        VersionId::from_bytes([0; 16]),
        new.created
    ];
    let mut rows = tx.query(INSERT, values).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// Makes a version the latest of its document.
pub async fn set_latest(
    tx: &Tx,
    scope: &Scope,
    document_key: i64,
    latest: &Latest<'_>,
) -> Result<(), StoreError> {
    let values = params![
        scope.owner(),
        document_key,
        latest.version_key,
        latest.version_id,
        latest.number,
        latest.label,
        latest.greatest_label,
        latest.metadata,
        latest.modified
    ];
    tx.query(SET_LATEST, values).await.map(drop)
}

/// Gives a document another name. One that the folder has already is [`StoreError::Unique`].
pub async fn rename(
    tx: &Tx,
    scope: &Scope,
    document_key: i64,
    name: &FileName,
) -> Result<(), StoreError> {
    let values = params![
        scope.owner(),
        document_key,
        name.as_str(),
        name.identity(),
        name.search(),
        name.order()
    ];
    tx.query(RENAME, values).await.map(drop)
}
