//! Metadata elements and their allowed values, as rows.
//!
//! An element id means the same in every binder of an organization, so its key and its data type stand in
//! `element`, once; a binder's label, order and whether it is required stand in `binder_element`. In the same
//! way `value` holds the key of an allowed value's id, and `allowed_value` what a binder makes of it.

use bindery_domain::{DataType, Scope};

use crate::{Query, StoreError, Tx, params};

const FIND: &str = "select element, data_type from element where org = $1 and id = $2";
const INSERT: &str =
    "insert into element (org, id, data_type) values ($1, $2, $3) returning element";
const REMOVE: &str = "delete from element where org = $1 and element = $2 \
    and not exists (select 1 from binder_element b where b.org = $1 and b.element = $2)";
const FIND_VALUE: &str = "select value from value where org = $1 and element = $2 and id = $3";
const INSERT_VALUE: &str =
    "insert into value (org, element, id) values ($1, $2, $3) returning value";
const SAVE_IN_BINDER: &str = "insert into binder_element \
    (org, binder, element, label, required, position) values ($1, $2, $3, $4, $5, $6) \
    on conflict (org, binder, element) do update set \
    label = excluded.label, required = excluded.required, position = excluded.position";
const REMOVE_FROM_BINDER: &str =
    "delete from binder_element where org = $1 and binder = $2 and element = $3";
const BINDERS_WITH: &str = "select e.binder from binder_element e \
    join binder b on b.org = e.org and b.binder = e.binder \
    where e.org = $1 and e.element = $2 and b.trashed_at is null order by e.binder";
const HAS_ALLOWED: &str = "select 1 from allowed_value \
    where org = $1 and binder = $2 and element = $3 limit 1";
const HAS_DOCUMENTS: &str = "select 1 from document where org = $1 and binder = $2 limit 1";
const SAVE_ALLOWED: &str = "insert into allowed_value \
    (org, binder, element, value, label, position) values ($1, $2, $3, $4, $5, $6) \
    on conflict (org, binder, element, value) do update set \
    label = excluded.label, position = excluded.position";
const SET_RETIRED: &str = "update allowed_value set retired_at = $5 \
    where org = $1 and binder = $2 and element = $3 and value = $4";
const REMOVE_ALLOWED: &str = "delete from allowed_value \
    where org = $1 and binder = $2 and element = $3 and value = $4";
const BUMP: &str =
    "update binder set schema_change = schema_change + 1 where org = $1 and binder = $2";

/// What all binders of an organization share of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementRow {
    /// Internal key.
    pub key: i64,
    /// What kind of values it has.
    pub data_type: DataType,
}

/// An element as a binder has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinderElement<'a> {
    /// Internal key of the element.
    pub element: i64,
    /// What people see.
    pub label: &'a str,
    /// Whether a new version must have a value of it.
    pub is_required: bool,
    /// Its place among the binder's own elements.
    pub position: i64,
}

/// An allowed value as a binder has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinderValue<'a> {
    /// Internal key of the element.
    pub element: i64,
    /// Internal key of the value.
    pub value: i64,
    /// What people see.
    pub label: &'a str,
    /// Its place among the element's values.
    pub position: i64,
}

/// The element that an id means in the organization.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: &str,
) -> Result<Option<ElementRow>, StoreError> {
    let row = db.query_opt(FIND, params![scope.owner(), id]).await?;
    row.map(|mut row| Ok(ElementRow { key: row.take(0)?, data_type: row.take(1)? })).transpose()
}

/// Makes an element and returns its key. A used id is [`StoreError::Unique`].
pub async fn insert(
    tx: &Tx,
    scope: &Scope,
    id: &str,
    data_type: DataType,
) -> Result<i64, StoreError> {
    let mut rows = tx.query(INSERT, params![scope.owner(), id, &data_type]).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// Removes an element that no binder has any more, so that its id may get another type.
pub async fn remove_unused(tx: &Tx, scope: &Scope, element: i64) -> Result<(), StoreError> {
    tx.query(REMOVE, params![scope.owner(), element]).await.map(drop)
}

/// The key of an allowed value's id, when any binder of the organization has ever had it.
pub async fn find_value(
    db: &impl Query,
    scope: &Scope,
    element: i64,
    id: &str,
) -> Result<Option<i64>, StoreError> {
    let row = db.query_opt(FIND_VALUE, params![scope.owner(), element, id]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Makes the key of an allowed value's id. A used id is [`StoreError::Unique`].
pub async fn insert_value(
    tx: &Tx,
    scope: &Scope,
    element: i64,
    id: &str,
) -> Result<i64, StoreError> {
    let mut rows = tx.query(INSERT_VALUE, params![scope.owner(), element, id]).await?;
    rows.first_mut().ok_or(StoreError::Column(0))?.take(0)
}

/// Gives a binder an element, or changes what the binder has of it.
pub async fn save_in_binder(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    new: &BinderElement<'_>,
) -> Result<(), StoreError> {
    let values =
        params![scope.owner(), binder, new.element, new.label, new.is_required, new.position];
    tx.query(SAVE_IN_BINDER, values).await?;
    bump_schema(tx, scope, binder).await
}

/// Takes an element from a binder.
pub async fn remove_from_binder(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    element: i64,
) -> Result<(), StoreError> {
    tx.query(REMOVE_FROM_BINDER, params![scope.owner(), binder, element]).await?;
    bump_schema(tx, scope, binder).await
}

/// The binders that have an element, for searches over the organization.
pub async fn binders_with(
    db: &impl Query,
    scope: &Scope,
    element: i64,
) -> Result<Vec<i64>, StoreError> {
    let rows = db.query(BINDERS_WITH, params![scope.owner(), element]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

/// Allows a value in a binder, or gives it another label or place; a retired one stays retired.
pub async fn save_allowed(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    new: &BinderValue<'_>,
) -> Result<(), StoreError> {
    let values = params![scope.owner(), binder, new.element, new.value, new.label, new.position];
    tx.query(SAVE_ALLOWED, values).await?;
    bump_schema(tx, scope, binder).await
}

/// Retires an allowed value (it is shown and found, but no longer settable), or takes that back with `None`.
pub async fn set_retired(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    (element, value): (i64, i64),
    at: Option<bindery_domain::Timestamp>,
) -> Result<(), StoreError> {
    tx.query(SET_RETIRED, params![scope.owner(), binder, element, value, at]).await?;
    bump_schema(tx, scope, binder).await
}

/// Removes an allowed value that no document uses; the caller has made sure of that.
pub async fn remove_allowed(
    tx: &Tx,
    scope: &Scope,
    binder: i64,
    (element, value): (i64, i64),
) -> Result<(), StoreError> {
    tx.query(REMOVE_ALLOWED, params![scope.owner(), binder, element, value]).await?;
    bump_schema(tx, scope, binder).await
}

/// Raises the number under which a binder's schema is remembered. The functions above call it themselves.
pub async fn bump_schema(tx: &Tx, scope: &Scope, binder: i64) -> Result<(), StoreError> {
    tx.query(BUMP, params![scope.owner(), binder]).await.map(drop)
}

/// Whether a binder has allowed values of its own for an element, retired ones included.
pub async fn has_allowed(
    db: &impl Query,
    scope: &Scope,
    binder: i64,
    element: i64,
) -> Result<bool, StoreError> {
    Ok(!db.query(HAS_ALLOWED, params![scope.owner(), binder, element]).await?.is_empty())
}

/// Whether a binder has documents, those in the trash included.
pub async fn has_documents(
    db: &impl Query,
    scope: &Scope,
    binder: i64,
) -> Result<bool, StoreError> {
    Ok(!db.query(HAS_DOCUMENTS, params![scope.owner(), binder]).await?.is_empty())
}
