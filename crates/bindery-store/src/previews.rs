//! Previews: what is known of each blob, and of the parts that were made when somebody asked.
//!
//! A preview belongs to the bytes, not to a version: equal bytes of an organization have one. A blob without a row is
//! `pending`: its job waits.

use bindery_domain::{BlobId, Scope, Timestamp};

use crate::{Chunk, Query, Sql, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select state, reason, kind, page_count, pages, text_complete, renderer, has_thumbnail, ",
            "updated from preview where org = $1 and ",
            $rest
        )
    };
}
pub(crate) const FIND: &str = select!("blob = $2");
const SAVE: &str = "insert into preview (org, blob, state, reason, kind, page_count, pages, \
    text_complete, renderer, has_thumbnail, updated) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (org, blob) do update set \
    state = excluded.state, reason = excluded.reason, kind = excluded.kind, \
    page_count = excluded.page_count, pages = excluded.pages, \
    text_complete = excluded.text_complete, renderer = excluded.renderer, \
    has_thumbnail = excluded.has_thumbnail, updated = excluded.updated";
const RESET: [&str; 2] = [
    "update preview set state = 'pending', reason = null \
     where org = $1 and blob = $2 and state <> 'ready'",
    "delete from preview_part where org = $1 and blob = $2 and reason is not null",
];
const LOSE_THUMBNAIL: &str = "update preview set has_thumbnail = 0 where org = $1 and blob = $2";
pub(crate) const PART: &str =
    "select reason, tiles, renderer from preview_part where org = $1 and blob = $2 and part = $3";
const SAVE_PART: &str = "insert into preview_part (org, blob, part, reason, tiles, renderer, \
    updated) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org, blob, part) do update set \
    reason = excluded.reason, tiles = excluded.tiles, renderer = excluded.renderer, updated = excluded.updated";
const REMOVE_PART: &str = "delete from preview_part where org = $1 and blob = $2 and part = $3";
pub(crate) const WALK: &str = "select b.blob, b.id, b.dead_at, p.state, p.renderer from blob b \
    left join preview p on p.org = b.org and p.blob = b.blob \
    where b.org = $1 and b.id > $2 order by b.id limit $3";
// What the bytes are called: the first name that they were committed under.
pub(crate) const SOURCE: &str = "select b.id, b.size, b.dead_at, (select v.file_name from version v \
    where v.org = b.org and v.blob = b.blob order by v.version limit 1) \
    from blob b where b.org = $1 and b.blob = $2";
pub(crate) const LOCK: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(
        "select 1 from blob where org = $1 and blob = $2 and dead_at is null",
    ),
    postgres: std::borrow::Cow::Borrowed(
        "select cast(1 as bigint) from blob where org = $1 and blob = $2 and dead_at is null for share",
    ),
};
const COUNTS: &str = "select coalesce(p.state, 'pending'), count(*) from blob b \
    left join preview p on p.org = b.org and p.blob = b.blob \
    where b.org = $1 and b.dead_at is null group by coalesce(p.state, 'pending')";
const FORGET: [&str; 3] = [
    "delete from preview where org = $1 and blob = $2",
    "delete from preview_part where org = $1 and blob = $2",
    "delete from page_text where org = $1 and blob = $2",
];
const FORGET_ALL: [&str; 4] = [
    "delete from derived where org = $1",
    "delete from preview_part where org = $1",
    "delete from page_text where org = $1",
    "delete from preview where org = $1 and state = 'ready'",
];

/// Where a preview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PreviewState {
    /// It is still to be made.
    Pending,
    /// There are pictures.
    Ready,
    /// Nobody can make one of this kind of file.
    Unsupported,
    /// The file opens with a password only.
    Encrypted,
    /// The file is damaged, or making it took too much.
    Failed,
}

/// What is known of a blob's preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Where it stands.
    pub state: PreviewState,
    /// Why there is no picture, for people.
    pub reason: Option<String>,
    /// What the bytes are: `pdf`, `jpeg`, …
    pub kind: String,
    /// How many pages the file has; 0 when it has none or it is not known.
    pub page_count: i64,
    /// JSON: `[width, height]` of each page in pt, upright; at most as many as the renderers look at.
    pub pages: String,
    /// Whether the text of all pages was read.
    pub is_text_complete: bool,
    /// Version of the renderers that made it.
    pub renderer: i64,
    /// Whether there is a small picture.
    pub has_thumbnail: bool,
    /// When it was made.
    pub updated: Timestamp,
}

/// What became of a part that was asked for: `page/3`, `tiles/3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Why it could not be made; `None` when it is there.
    pub reason: Option<String>,
    /// Of tiles, JSON: where each lies in their common picture.
    pub tiles: Option<String>,
    /// Version of the renderers that made it.
    pub renderer: i64,
}

/// A blob on a walk through all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walked {
    /// Internal key of the blob.
    pub blob_key: i64,
    /// Whether any version needs it.
    pub is_live: bool,
    /// Its preview: where it stands, and which renderers made it.
    pub preview: Option<(PreviewState, i64)>,
}

/// The bytes that a preview is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// What they are called in the storage.
    pub id: BlobId,
    /// How many there are.
    pub size: i64,
    /// Whether any version needs them.
    pub is_live: bool,
    /// The first name that they were committed under.
    pub file_name: Option<String>,
}

impl PreviewState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Ready, Self::Unsupported, Self::Encrypted, Self::Failed];

    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Unsupported => "unsupported",
            Self::Encrypted => "encrypted",
            Self::Failed => "failed",
        }
    }

    /// Whether it is known that there will be none.
    #[must_use]
    pub fn is_without_pictures(self) -> bool {
        matches!(self, Self::Unsupported | Self::Encrypted | Self::Failed)
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        word.parse().map_err(|()| StoreError::Corrupt(format!("a preview has the state {word}")))
    }
}

impl std::str::FromStr for PreviewState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}

/// What is known of a blob's preview; nothing while it is pending for the first time.
///
/// # Errors
/// As the engine.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
) -> Result<Option<PreviewRow>, StoreError> {
    let Some(mut row) = db.query_opt(FIND, params![scope.owner(), blob_key]).await? else {
        return Ok(None);
    };
    Ok(Some(PreviewRow {
        state: PreviewState::read(&row.take::<String>(0)?)?,
        reason: row.take(1)?,
        kind: row.take(2)?,
        page_count: row.take(3)?,
        pages: row.take(4)?,
        is_text_complete: row.take(5)?,
        renderer: row.take(6)?,
        has_thumbnail: row.take(7)?,
        updated: row.take(8)?,
    }))
}

/// Notes what became of a blob's preview.
///
/// # Errors
/// As the engine.
pub async fn save(
    tx: &Tx,
    scope: &Scope,
    blob_key: i64,
    preview: &PreviewRow,
) -> Result<(), StoreError> {
    let values = params![
        scope.owner(),
        blob_key,
        preview.state.as_str(),
        preview.reason.as_deref(),
        preview.kind.as_str(),
        preview.page_count,
        preview.pages.as_str(),
        preview.is_text_complete,
        preview.renderer,
        preview.has_thumbnail,
        preview.updated
    ];
    tx.query(SAVE, values).await.map(drop)
}

/// Lets what could not be made look pending again. What is ready stays until it is made anew.
///
/// # Errors
/// As the engine.
pub async fn reset(tx: &Tx, scope: &Scope, blob_key: i64) -> Result<(), StoreError> {
    for sql in RESET {
        tx.query(sql, params![scope.owner(), blob_key]).await?;
    }
    Ok(())
}

/// Notes that the small picture is gone.
///
/// # Errors
/// As the engine.
pub async fn lose_thumbnail(tx: &Tx, scope: &Scope, blob_key: i64) -> Result<(), StoreError> {
    tx.query(LOSE_THUMBNAIL, params![scope.owner(), blob_key]).await.map(drop)
}

/// What became of a part.
///
/// # Errors
/// As the engine.
pub async fn find_part(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
    part: &str,
) -> Result<Option<PartRow>, StoreError> {
    let row = db.query_opt(PART, params![scope.owner(), blob_key, part]).await?;
    row.map(|mut row| {
        Ok(PartRow { reason: row.take(0)?, tiles: row.take(1)?, renderer: row.take(2)? })
    })
    .transpose()
}

/// Notes what became of a part.
///
/// # Errors
/// As the engine.
pub async fn save_part(
    tx: &Tx,
    scope: &Scope,
    (blob_key, part): (i64, &str),
    row: &PartRow,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (reason, tiles) = (row.reason.as_deref(), row.tiles.as_deref());
    let values = params![scope.owner(), blob_key, part, reason, tiles, row.renderer, at];
    tx.query(SAVE_PART, values).await.map(drop)
}

/// Forgets what became of a part, so that it is made again.
///
/// # Errors
/// As the engine.
pub async fn remove_part(
    tx: &Tx,
    scope: &Scope,
    blob_key: i64,
    part: &str,
) -> Result<(), StoreError> {
    tx.query(REMOVE_PART, params![scope.owner(), blob_key, part]).await.map(drop)
}

/// The blobs of an organization with where their previews stand, from the one after this id on.
///
/// # Errors
/// As the engine.
pub async fn walk(
    db: &impl Query,
    scope: &Scope,
    after: Option<BlobId>,
    limit: i64,
) -> Result<Chunk<Walked, BlobId>, StoreError> {
    let after = after.unwrap_or(BlobId::from_bytes([0; 16]));
    let rows = db.query(WALK, params![scope.owner(), after, limit]).await?;
    let rows = rows.into_iter().map(|mut row| {
        let state: Option<String> = row.take(3)?;
        let renderer: Option<i64> = row.take(4)?;
        let state = state.as_deref().map(PreviewState::read).transpose()?;
        let walked = Walked {
            blob_key: row.take(0)?,
            is_live: row.take::<Option<i64>>(2)?.is_none(),
            preview: state.zip(renderer),
        };
        Ok((walked, row.take(1)?))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// The bytes that a preview is made of; nothing when the blob is gone.
///
/// # Errors
/// As the engine.
pub async fn source(
    db: &impl Query,
    scope: &Scope,
    blob_key: i64,
) -> Result<Option<SourceRow>, StoreError> {
    let row = db.query_opt(SOURCE, params![scope.owner(), blob_key]).await?;
    row.map(|mut row| {
        Ok(SourceRow {
            id: row.take(0)?,
            size: row.take(1)?,
            is_live: row.take::<Option<i64>>(2)?.is_none(),
            file_name: row.take(3)?,
        })
    })
    .transpose()
}

/// Whether a version still needs the bytes; they stay until the transaction ends. Take this lock before the job's.
///
/// # Errors
/// As the engine.
pub async fn lock_source(tx: &Tx, scope: &Scope, blob_key: i64) -> Result<bool, StoreError> {
    Ok(tx.query_opt(LOCK, params![scope.owner(), blob_key]).await?.is_some())
}

/// How many live blobs of an organization stand where.
///
/// # Errors
/// As the engine.
pub async fn counts(
    db: &impl Query,
    scope: &Scope,
) -> Result<Vec<(PreviewState, i64)>, StoreError> {
    let mut counts = Vec::new();
    for mut row in db.query(COUNTS, params![scope.owner()]).await? {
        counts.push((PreviewState::read(&row.take::<String>(0)?)?, row.take(1)?));
    }
    counts.sort_unstable();
    Ok(counts)
}

/// Forgets what is known of a blob that goes; [`crate::derived::remove_of_blob`] and [`crate::jobs::remove_beneath`]
/// forget its pictures and jobs.
///
/// # Errors
/// As the engine.
pub async fn forget(tx: &Tx, scope: &Scope, blob_key: i64) -> Result<(), StoreError> {
    for sql in FORGET {
        tx.query(sql, params![scope.owner(), blob_key]).await?;
    }
    Ok(())
}

/// Forgets every picture and text of an organization, after its bytes came from a backup, which leaves pictures out.
///
/// # Errors
/// As the engine.
pub async fn forget_all(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    for sql in FORGET_ALL {
        tx.query(sql, params![scope.owner()]).await?;
    }
    Ok(())
}
