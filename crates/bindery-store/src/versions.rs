//! Versions: what was committed to a document, each with its bytes, label and metadata.

use bindery_domain::{BinderId, BlobId, DocumentId, FolderId, Scope, Timestamp, VersionId};

use crate::{Chunk, Query, Row, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select v.version, v.id, v.document, d.id, v.number, v.label, v.metadata, v.created, ",
            "v.created_by, v.modified, v.file_name, x.blob, x.id, x.size, x.sha256, ",
            "f.id, b.id, d.binder, b.schema_change, t.type, d.created_by, ",
            "p.has_thumbnail, p.renderer ",
            "from version v ",
            "join document d on d.org = v.org and d.document = v.document ",
            "join blob x on x.org = v.org and x.blob = v.blob ",
            "join folder f on f.org = d.org and f.folder = d.folder ",
            "join folder t on t.org = d.org and t.folder = d.tab ",
            "join binder b on b.org = d.org and b.binder = d.binder ",
            "left join preview p on p.org = v.org and p.blob = v.blob ",
            "where v.org = $1 and d.trashed_at is null and d.trashed_by is null and ",
            $rest
        )
    };
}

pub(crate) const FIND: &str = select!("v.id = $2 and d.id = $3");
pub(crate) const FIND_BY_ID: &str = select!("v.id = $2");
pub(crate) const FIND_BY_KEY: &str = select!("v.version = $2");
pub(crate) const LIST: &str =
    select!("v.document = $2 and v.number > $3 order by v.number limit $4");
const INSERT: &str = "insert into version (org, id, document, number, blob, file_name, label, \
    metadata, created, created_by, modified) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9) returning version";
const OF_BLOB: &str = "select v.id, d.id, d.name, v.file_name \
    from version v join document d on d.org = v.org and d.document = v.document \
    where v.org = $1 and v.blob = $2 order by v.created, v.id";

const WITHOUT_BYTES: &str = "select v.id, d.id, d.name, v.file_name from version v \
    join document d on d.org = v.org and d.document = v.document \
    left join blob x on x.org = v.org and x.blob = v.blob and x.dead_at is null \
    where v.org = $1 and x.blob is null limit $2";

/// A version as answers and downloads need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: VersionId,
    /// Internal key of its document.
    pub document_key: i64,
    /// Public id of its document.
    pub document_id: DocumentId,
    /// Its number in the document; the highest is the latest.
    pub number: i64,
    /// The label that people see.
    pub label: String,
    /// Its metadata: a JSON array as it stands in answers, without the computed elements.
    pub metadata: String,
    /// When it was committed.
    pub created: Timestamp,
    /// The client that committed it.
    pub created_by: String,
    /// When it was last changed.
    pub modified: Timestamp,
    /// The name as this version was committed.
    pub file_name: String,
    /// Its bytes.
    pub blob: VersionBlob,
    /// The tab or folder that the document is directly in.
    pub folder_id: FolderId,
    /// The document's binder.
    pub binder_id: BinderId,
    /// Internal key of the binder.
    pub binder_key: i64,
    /// Rises with every change of the binder's metadata elements.
    pub schema_change: i64,
    /// Type of the tab at the top of the folder.
    pub tab_type: String,
    /// The client that made the document.
    pub document_created_by: String,
    /// Version of the renderers that made its small picture, once there is one.
    pub thumbnail: Option<i64>,
}

/// The bytes of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionBlob {
    /// Internal key.
    pub key: i64,
    /// What they are called in the storage.
    pub id: BlobId,
    /// How many there are.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// What a new version is made of.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// Public id.
    pub id: VersionId,
    /// Internal key of its document.
    pub document_key: i64,
    /// One more than that of the version before.
    pub number: i64,
    /// Internal key of its bytes.
    pub blob_key: i64,
    /// The name as it is committed.
    pub file_name: &'a str,
    /// The label that people see.
    pub label: &'a str,
    /// Its metadata as JSON.
    pub metadata: &'a str,
    /// When it is committed, from [`crate::journal::now`].
    pub created: Timestamp,
    /// The client that commits it.
    pub created_by: &'a str,
}

/// A version that needs certain bytes, for what is said about bytes that are missing or damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededBy {
    /// Public id of the version.
    pub version_id: VersionId,
    /// Public id of its document.
    pub document_id: DocumentId,
    /// Name of the document.
    pub document_name: String,
    /// The name as the version was committed.
    pub file_name: String,
}

impl VersionRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            document_key: row.take(2)?,
            document_id: row.take(3)?,
            number: row.take(4)?,
            label: row.take(5)?,
            metadata: row.take(6)?,
            created: row.take(7)?,
            created_by: row.take(8)?,
            modified: row.take(9)?,
            file_name: row.take(10)?,
            blob: VersionBlob {
                key: row.take(11)?,
                id: row.take(12)?,
                size: row.take(13)?,
                sha256: row.take(14)?,
            },
            folder_id: row.take(15)?,
            binder_id: row.take(16)?,
            binder_key: row.take(17)?,
            schema_change: row.take(18)?,
            tab_type: row.take(19)?,
            document_created_by: row.take(20)?,
            thumbnail: match row.take::<Option<bool>>(21)? {
                Some(true) => row.take(22)?,
                _ => None,
            },
        })
    }
}

impl NeededBy {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            version_id: row.take(0)?,
            document_id: row.take(1)?,
            document_name: row.take(2)?,
            file_name: row.take(3)?,
        })
    }
}

/// The version of an id, if it is one of this document.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    document: DocumentId,
    id: VersionId,
) -> Result<Option<VersionRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), id, document]).await?;
    row.map(VersionRow::read).transpose()
}

/// The version of an id, of whatever document: what a download URL names.
pub async fn find_by_id(
    db: &impl Query,
    scope: &Scope,
    id: VersionId,
) -> Result<Option<VersionRow>, StoreError> {
    db.query_opt(FIND_BY_ID, params![scope.owner(), id]).await?.map(VersionRow::read).transpose()
}

/// The version of an internal key: what a repeated commit answers.
pub async fn find_by_key(
    db: &impl Query,
    scope: &Scope,
    key: i64,
) -> Result<Option<VersionRow>, StoreError> {
    db.query_opt(FIND_BY_KEY, params![scope.owner(), key]).await?.map(VersionRow::read).transpose()
}

/// The versions of a document, oldest first, from the one after this number on.
pub async fn list_of_document(
    db: &impl Query,
    scope: &Scope,
    document_key: i64,
    after: Option<i64>,
    limit: i64,
) -> Result<Chunk<VersionRow, i64>, StoreError> {
    let values = params![scope.owner(), document_key, after.unwrap_or(0), limit];
    let rows = db.query(LIST, values).await?.into_iter().map(|row| {
        let version = VersionRow::read(row)?;
        let number = version.number;
        Ok((version, number))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// Makes a version and returns its key; [`crate::documents::set_latest`] follows.
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewVersion<'_>) -> Result<i64, StoreError> {
    let values = params![
        scope.owner(),
        new.id,
        new.document_key,
        new.number,
        new.blob_key,
        new.file_name,
        new.label,
        new.metadata,
        new.created,
        new.created_by
    ];
    let mut rows = tx.query(INSERT, values).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// The versions that need certain bytes, those in the trash included.
pub async fn of_blob(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
) -> Result<Vec<NeededBy>, StoreError> {
    let rows = db.query(OF_BLOB, params![scope.owner(), blob_key]).await?;
    rows.into_iter().map(NeededBy::read).collect()
}

/// At most `limit` versions whose bytes have no live row: what can only come from outside of the program.
pub async fn without_bytes(
    db: &impl Query,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<NeededBy>, StoreError> {
    let rows = db.query(WITHOUT_BYTES, params![scope.owner(), limit]).await?;
    rows.into_iter().map(NeededBy::read).collect()
}
