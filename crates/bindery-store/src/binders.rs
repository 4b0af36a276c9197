//! Binders (*pärmar*): the top-level containers.

use bindery_domain::{BinderId, ObjectName, Scope, Timestamp};

use crate::{Chunk, Query, Row, StoreError, Tx, changes, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select binder, id, name, type, created, schema_change, trashed_at, name_order ",
            "from binder where org = $1 and ",
            $rest
        )
    };
}

pub(crate) const FIND: &str = select!("id = $2 and trashed_at is null");
const FIND_TRASHED: &str = select!("id = $2 and trashed_at is not null");
const FIND_BY_NAME: &str =
    select!("name_identity = $2 and trashed_at is null order by created, id");
pub(crate) const LIST: &str =
    select!("trashed_at is null and (name_order, id) > ($2, $3) order by name_order, id limit $4");
const LIST_TRASHED: &str = select!("trashed_at is not null order by trashed_at, id");
const INSERT: &str = "insert into binder \
    (org, id, name, name_identity, name_order, type, created) \
    values ($1, $2, $3, $4, $5, $6, $7) returning binder";
const RENAME: &str = "update binder set name = $3, name_identity = $4, name_order = $5 \
    where org = $1 and binder = $2";
const SET_TYPE: &str = "update binder set type = $3 where org = $1 and binder = $2";

/// A binder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinderRow {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: BinderId,
    /// What people call it.
    pub name: String,
    /// What it is for: `project`, `property`, …
    pub binder_type: String,
    /// When it was made.
    pub created: Timestamp,
    /// Rises with every change of its metadata elements.
    pub schema_change: i64,
    /// Since when it is in the trash.
    pub trashed_at: Option<Timestamp>,
}

/// A place in the list of binders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    name_order: Vec<u8>,
    id: String,
}

/// What a new binder is made of.
#[derive(Debug, Clone)]
pub struct NewBinder {
    /// Public id.
    pub id: BinderId,
    /// What people call it.
    pub name: ObjectName,
    /// What it is for.
    pub binder_type: String,
    /// When it is made.
    pub created: Timestamp,
}

impl BinderRow {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            name: row.take(2)?,
            binder_type: row.take(3)?,
            created: row.take(4)?,
            schema_change: row.take(5)?,
            trashed_at: row.take(6)?,
        })
    }
}

/// The binder of an id; not one in the trash.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: &BinderId,
) -> Result<Option<BinderRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), id]).await?;
    row.map(|mut row| BinderRow::read(&mut row)).transpose()
}

/// The binder of an id, if it is in the trash.
pub async fn find_trashed(
    db: &impl Query,
    scope: &Scope,
    id: &BinderId,
) -> Result<Option<BinderRow>, StoreError> {
    let row = db.query_opt(FIND_TRASHED, params![scope.owner(), id]).await?;
    row.map(|mut row| BinderRow::read(&mut row)).transpose()
}

/// The binders that have this name, the oldest first.
pub async fn find_by_name(
    db: &impl Query,
    scope: &Scope,
    name: &ObjectName,
) -> Result<Vec<BinderRow>, StoreError> {
    let rows = db.query(FIND_BY_NAME, params![scope.owner(), name.identity()]).await?;
    rows.into_iter().map(|mut row| BinderRow::read(&mut row)).collect()
}

/// The organization's binders in Swedish order of their names, then by id.
pub async fn list(
    db: &impl Query,
    scope: &Scope,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Chunk<BinderRow, Cursor>, StoreError> {
    let (order, id) =
        after.map_or((&[][..], ""), |place| (&place.name_order[..], place.id.as_str()));
    let rows = db.query(LIST, params![scope.owner(), order, id, limit]).await?;
    let rows = rows.into_iter().map(|mut row| {
        let binder = BinderRow::read(&mut row)?;
        let place = Cursor { name_order: row.take(7)?, id: binder.id.as_str().to_owned() };
        Ok((binder, place))
    });
    Ok(Chunk::new(rows.collect::<Result<_, StoreError>>()?, limit))
}

/// The binders in the trash, the first trashed first.
pub async fn list_trashed(db: &impl Query, scope: &Scope) -> Result<Vec<BinderRow>, StoreError> {
    let rows = db.query(LIST_TRASHED, params![scope.owner()]).await?;
    rows.into_iter().map(|mut row| BinderRow::read(&mut row)).collect()
}

/// Makes a binder and returns its key. A used id is [`StoreError::Unique`].
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewBinder) -> Result<i64, StoreError> {
    let name = &new.name;
    let values = params![
        scope.owner(),
        &new.id,
        name.as_str(),
        name.identity(),
        name.order(),
        new.binder_type.as_str(),
        new.created
    ];
    let mut rows = tx.query(INSERT, values).await?;
    let key = rows.first_mut().ok_or(StoreError::Column(0))?.take(0)?;
    changes::bump(tx, scope, key).await?;
    Ok(key)
}

/// Gives a binder another name.
pub async fn rename(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    name: &ObjectName,
) -> Result<(), StoreError> {
    let values = params![scope.owner(), binder, name.as_str(), name.identity(), name.order()];
    tx.query(RENAME, values).await.map(drop)
}

/// Gives a binder another type.
pub async fn set_type(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    binder_type: &str,
) -> Result<(), StoreError> {
    tx.query(SET_TYPE, params![scope.owner(), binder, binder_type]).await.map(drop)
}
