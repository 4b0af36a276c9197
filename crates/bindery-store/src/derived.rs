//! Pictures made of blobs: their bytes lie in the storage like blobs, under ids of their own, and go with their blob.

use bindery_domain::{BlobId, Scope, Timestamp};

use crate::{Chunk, Query, Row, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select blob, place, id, media_type, width, height, size, sha256, renderer, created ",
            "from derived where org = $1 and ",
            $rest
        )
    };
}
pub(crate) const FIND: &str = select!("blob = $2 and place = $3");
pub(crate) const LIST: &str = select!("id > $2 order by id limit $3");
const SAVE: &str = "insert into derived (org, blob, place, id, media_type, width, height, size, \
    sha256, renderer, created) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
    on conflict (org, blob, place) do update set id = excluded.id, \
    media_type = excluded.media_type, width = excluded.width, height = excluded.height, \
    size = excluded.size, sha256 = excluded.sha256, renderer = excluded.renderer, \
    created = excluded.created";
const REMOVE: &str =
    "delete from derived where org = $1 and blob = $2 and place = $3 and id = $4 returning id";
pub(crate) const REMOVE_OF_BLOB: &str =
    "delete from derived where org = $1 and blob = $2 returning id";
const REMOVE_OLDER: &str =
    "delete from derived where org = $1 and blob = $2 and renderer < $3 returning id";
pub(crate) const IS_NAMED: &str = "select 1 from derived where org = $1 and id = $2";
const TOTAL: &str =
    "select count(*), cast(coalesce(sum(size), 0) as bigint) from derived where org = $1";

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedRow {
    /// Internal key of the blob that it was made of.
    pub blob_key: i64,
    /// Which picture it is: `thumbnail`, `page/3`, or `tiles/3`: all tiles of a page, one after the other.
    pub place: String,
    /// What its bytes are called in the storage.
    pub id: BlobId,
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    /// In pixels; 0 of tiles.
    pub width: i64,
    /// In pixels; 0 of tiles.
    pub height: i64,
    /// In bytes.
    pub size: i64,
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Version of the renderers that made it.
    pub renderer: i64,
    /// When it was made.
    pub created: Timestamp,
}

/// How many pictures there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DerivedTotal {
    /// Pictures.
    pub count: i64,
    /// Their bytes.
    pub bytes: i64,
}

impl DerivedRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            blob_key: row.take(0)?,
            place: row.take(1)?,
            id: row.take(2)?,
            media_type: row.take(3)?,
            width: row.take(4)?,
            height: row.take(5)?,
            size: row.take(6)?,
            sha256: row.take(7)?,
            renderer: row.take(8)?,
            created: row.take(9)?,
        })
    }
}

/// The picture of a blob at a place.
///
/// # Errors
/// As the engine.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
    place: &str,
) -> Result<Option<DerivedRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), blob_key, place]).await?;
    row.map(DerivedRow::read).transpose()
}

/// Notes a picture. Returns the bytes that may go: those of the picture that was there, or of the new one where it has
/// the same bytes as that, which then stays with its id.
///
/// # Errors
/// As the engine.
pub async fn save(tx: &Tx, scope: &Scope, new: &DerivedRow) -> Result<Option<BlobId>, StoreError> {
    let old = find(tx, scope, new.blob_key, &new.place).await?;
    let is_same = old.as_ref().is_some_and(|old| old.sha256 == new.sha256);
    let (id, unneeded) = match old {
        Some(old) if is_same => (old.id, Some(new.id)),
        Some(old) => (new.id, Some(old.id)),
        None => (new.id, None),
    };
    let values = params![
        scope.owner(),
        new.blob_key,
        new.place.as_str(),
        id,
        new.media_type.as_str(),
        new.width,
        new.height,
        new.size,
        new.sha256,
        new.renderer,
        new.created
    ];
    tx.query(SAVE, values).await?;
    Ok(unneeded.filter(|unneeded| *unneeded != id))
}

/// Forgets a picture whose bytes are gone; false when there is another one by now.
///
/// # Errors
/// As the engine.
pub async fn remove(tx: &Tx, scope: &Scope, picture: &DerivedRow) -> Result<bool, StoreError> {
    let values = params![scope.owner(), picture.blob_key, picture.place.as_str(), picture.id];
    Ok(tx.query_opt(REMOVE, values).await?.is_some())
}

/// Forgets all pictures of a blob and returns what their bytes are called.
///
/// # Errors
/// As the engine.
pub async fn remove_of_blob(
    tx: &Tx,
    scope: &Scope,
    blob_key: i64,
) -> Result<Vec<BlobId>, StoreError> {
    ids(tx.query(REMOVE_OF_BLOB, params![scope.owner(), blob_key]).await?)
}

/// Forgets the pictures of a blob that older renderers made, and returns what their bytes are called.
///
/// # Errors
/// As the engine.
pub async fn remove_older(
    tx: &Tx,
    scope: &Scope,
    blob_key: i64,
    renderer: i64,
) -> Result<Vec<BlobId>, StoreError> {
    ids(tx.query(REMOVE_OLDER, params![scope.owner(), blob_key, renderer]).await?)
}

fn ids(rows: Vec<Row>) -> Result<Vec<BlobId>, StoreError> {
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Whether bytes of the storage are a picture's.
///
/// # Errors
/// As the engine.
pub async fn is_named(db: &impl Query, scope: &Scope, id: BlobId) -> Result<bool, StoreError> {
    Ok(db.query_opt(IS_NAMED, params![scope.owner(), id]).await?.is_some())
}

/// All pictures of the organization, from the one after this id on.
///
/// # Errors
/// As the engine.
pub async fn list(
    db: &impl Query,
    scope: &Scope,
    after: Option<BlobId>,
    limit: i64,
) -> Result<Chunk<DerivedRow, BlobId>, StoreError> {
    let after = after.unwrap_or(BlobId::from_bytes([0; 16]));
    let rows = db.query(LIST, params![scope.owner(), after, limit]).await?;
    let rows = rows.into_iter().map(|row| {
        let picture = DerivedRow::read(row)?;
        let id = picture.id;
        Ok((picture, id))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// How many pictures the organization has, apart from the bytes that count as its documents'.
///
/// # Errors
/// As the engine.
pub async fn total(db: &impl Query, scope: &Scope) -> Result<DerivedTotal, StoreError> {
    let row = db.query_opt(TOTAL, params![scope.owner()]).await?;
    row.map_or(Ok(DerivedTotal::default()), |mut row| {
        Ok(DerivedTotal { count: row.take(0)?, bytes: row.take(1)? })
    })
}
