//! Folders, and tabs (*flikar*), which are the folders at the top of a binder.

use bindery_domain::{BinderId, FolderId, ObjectName, Scope, Timestamp};

use crate::{Chunk, Query, Row, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select f.folder, f.id, f.binder, b.id, b.schema_change, f.parent, p.id, ",
            "coalesce(f.tab, f.folder), t.type, f.name, f.type, f.position from folder f ",
            "join binder b on b.org = f.org and b.binder = f.binder ",
            "left join folder p on p.org = f.org and p.folder = f.parent ",
            "join folder t on t.org = f.org and t.folder = coalesce(f.tab, f.folder) ",
            "where f.org = $1 and f.trashed_at is null and f.trashed_by is null and ",
            $rest
        )
    };
}

pub(crate) const FIND: &str = select!("f.id = $2 and b.id = $3");
const FIND_BY_ID: &str = select!("f.id = $2");
pub(crate) const LOAD: &str = select!("f.folder = $2");
pub(crate) const TABS: &str = select!(
    "f.binder = $2 and f.parent is null and (f.position, f.folder) > ($3, $4) \
     order by f.position, f.folder limit $5"
);
pub(crate) const CHILDREN: &str = select!(
    "f.binder = $2 and f.parent = $6 and (f.position, f.folder) > ($3, $4) \
     order by f.position, f.folder limit $5"
);
const INSERT: &str = "insert into folder \
    (org, id, binder, parent, tab, name, name_identity, type, created, position) \
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce((select max(f.position) + 1 from folder f \
    where f.org = $1 and f.binder = $3 and f.parent is not distinct from $4), 0) \
    returning folder";
const RENAME: &str = "update folder set name = $3, name_identity = $4 \
    where org = $1 and folder = $2";
const SET_POSITION: &str = "update folder set position = $3 where org = $1 and folder = $2";
const SET_TYPE: &str =
    "update folder set type = $3 where org = $1 and folder = $2 and parent is null";

/// The type of every folder that is not a tab.
pub const NESTED: &str = "folder";

/// A folder or tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderRow {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: FolderId,
    /// Internal key of its binder.
    pub binder_key: i64,
    /// Public id of its binder.
    pub binder_id: BinderId,
    /// Rises with every change of the binder's metadata elements.
    pub schema_change: i64,
    /// Internal key of the folder that it is in; `None` for a tab.
    pub parent_key: Option<i64>,
    /// Public id of the folder that it is in; `None` for a tab.
    pub parent_id: Option<FolderId>,
    /// Internal key of the tab at the top, which a tab is itself.
    pub tab_key: i64,
    /// Type of the tab at the top.
    pub tab_type: String,
    /// What people call it.
    pub name: String,
    /// The tab type of a tab, else [`NESTED`].
    pub folder_type: String,
    /// Its place among its siblings.
    pub position: i64,
}

/// A place in a list of folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    position: i64,
    key: i64,
}

/// What a new folder is made of; it comes after its siblings.
#[derive(Debug, Clone)]
pub struct NewFolder {
    /// Public id.
    pub id: FolderId,
    /// Internal key of its binder.
    pub binder_key: i64,
    /// Where it goes.
    pub place: Place,
    /// What people call it.
    pub name: ObjectName,
    /// When it is made.
    pub created: Timestamp,
}

/// Where a new folder goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// To the top of the binder, as a tab of this type.
    Tab(String),
    /// Into another folder.
    Under {
        /// Internal key of that folder.
        parent_key: i64,
        /// Internal key of the tab at its top.
        tab_key: i64,
    },
}

impl FolderRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            binder_key: row.take(2)?,
            binder_id: row.take(3)?,
            schema_change: row.take(4)?,
            parent_key: row.take(5)?,
            parent_id: row.take(6)?,
            tab_key: row.take(7)?,
            tab_type: row.take(8)?,
            name: row.take(9)?,
            folder_type: row.take(10)?,
            position: row.take(11)?,
        })
    }

    /// The place of a folder under this one.
    #[must_use]
    pub fn as_place(&self) -> Place {
        Place::Under { parent_key: self.key, tab_key: self.tab_key }
    }
}

/// The folder of an id in the drive of a binder.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    binder: &BinderId,
    id: FolderId,
) -> Result<Option<FolderRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), id, binder]).await?;
    row.map(FolderRow::read).transpose()
}

/// The folder of an id in whatever binder it is.
pub async fn find_by_id(
    db: &impl Query,
    scope: &Scope,
    id: FolderId,
) -> Result<Option<FolderRow>, StoreError> {
    let row = db.query_opt(FIND_BY_ID, params![scope.owner(), id]).await?;
    row.map(FolderRow::read).transpose()
}

/// The folder of an internal key, if it is not in the trash.
pub async fn find_by_key(
    db: &impl Query,
    scope: &Scope,
    key: i64,
) -> Result<Option<FolderRow>, StoreError> {
    db.query_opt(LOAD, params![scope.owner(), key]).await?.map(FolderRow::read).transpose()
}

/// The tabs of a binder in their set order.
pub async fn tabs(
    db: &impl Query,
    scope: &Scope,
    binder_key: i64,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Chunk<FolderRow, Cursor>, StoreError> {
    let Cursor { position, key } = after.unwrap_or(Cursor::START);
    let values = params![scope.owner(), binder_key, position, key, limit];
    Cursor::chunk(db.query(TABS, values).await?, limit)
}

/// The folders right under a folder in their set order.
pub async fn children(
    db: &impl Query,
    scope: &Scope,
    parent: &FolderRow,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Chunk<FolderRow, Cursor>, StoreError> {
    let Cursor { position, key } = after.unwrap_or(Cursor::START);
    let values = params![scope.owner(), parent.binder_key, position, key, limit, parent.key];
    Cursor::chunk(db.query(CHILDREN, values).await?, limit)
}

/// Makes a folder or tab after its siblings and returns its key. A used id is [`StoreError::Unique`].
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewFolder) -> Result<i64, StoreError> {
    let (parent, tab, folder_type) = match &new.place {
        Place::Tab(tab_type) => (None, None, tab_type.as_str()),
        Place::Under { parent_key, tab_key } => (Some(*parent_key), Some(*tab_key), NESTED),
    };
    let name = &new.name;
    let values = params![
        scope.owner(),
        new.id,
        new.binder_key,
        parent,
        tab,
        name.as_str(),
        name.identity(),
        folder_type,
        new.created
    ];
    let mut rows = tx.query(INSERT, values).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// Gives a folder another name.
pub async fn rename(
    tx: &Tx,
    scope: &Scope,
    folder: i64,
    name: &ObjectName,
) -> Result<(), StoreError> {
    let values = params![scope.owner(), folder, name.as_str(), name.identity()];
    tx.query(RENAME, values).await.map(drop)
}

/// Gives a folder another place among its siblings.
pub async fn set_position(
    tx: &Tx,
    scope: &Scope,
    folder: i64,
    position: i64,
) -> Result<(), StoreError> {
    tx.query(SET_POSITION, params![scope.owner(), folder, position]).await.map(drop)
}

/// Gives a tab another type; a nested folder keeps its own.
pub async fn set_tab_type(
    tx: &Tx,
    scope: &Scope,
    tab: i64,
    tab_type: &str,
) -> Result<(), StoreError> {
    tx.query(SET_TYPE, params![scope.owner(), tab, tab_type]).await.map(drop)
}

impl Cursor {
    const START: Self = Self { position: i64::MIN, key: i64::MIN };

    fn chunk(rows: Vec<Row>, limit: i64) -> Result<Chunk<FolderRow, Self>, StoreError> {
        let rows = rows.into_iter().map(|row| {
            let folder = FolderRow::read(row)?;
            let place = Self { position: folder.position, key: folder.key };
            Ok((folder, place))
        });
        Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
    }
}
