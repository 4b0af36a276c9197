//! Organizations: the tenants.

use std::borrow::Cow;

use bindery_domain::{BuiltIn, ObjectName, OrgKey, OrganizationId, Scope, Timestamp};

use crate::{Query, Row, Sql, StoreError, Tx, elements, journal, params, server_values};

macro_rules! select {
    ($rest:literal) => {
        concat!("select org, id, name, created, disabled_at from organization ", $rest)
    };
}

const FIND: &str = select!("where id = $1");
const LOAD: &str = select!("where org = $1");
const FIND_BY_NAME: &str = select!("where name_identity = $1 order by created, id");
const LIST: &str = select!("order by name_identity, id");
// SQLite would give the greatest key again once its organization is removed; an identity of PostgreSQL never does.
const INSERT: Sql = Sql::Each {
    sqlite: Cow::Borrowed(
        "insert into organization (org, id, name, name_identity, created) \
        values (max($5, (select coalesce(max(org), 0) from organization)) + 1, $1, $2, $3, $4) returning org",
    ),
    postgres: Cow::Borrowed(
        "insert into organization (id, name, name_identity, created) \
        values ($1, $2, $3, $4 + 0 * cast($5 as bigint)) returning org",
    ),
};
/// Name of the greatest key of a removed organization.
const RETIRED_KEY: &str = "retired_organization_key";
const INSERT_USAGE: &str =
    "insert into usage (org, documents, versions, bytes) values ($1, 0, 0, 0)";
const RENAME: &str = "update organization set name = $2, name_identity = $3 where org = $1";
const SET_DISABLED: &str = "update organization set disabled_at = $2 where org = $1";

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Internal key.
    pub key: OrgKey,
    /// Public id.
    pub id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Since when its clients are refused.
    pub disabled_at: Option<Timestamp>,
}

impl OrganizationRow {
    /// The scope of an operator's work in this organization.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::own(self.key)
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.take(0)?,
            id: row.take(1)?,
            name: row.take(2)?,
            created: row.take(3)?,
            disabled_at: row.take(4)?,
        })
    }
}

/// What a new organization is made of.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Public id.
    pub id: OrganizationId,
    /// What people call it.
    pub name: ObjectName,
    /// When it is made.
    pub created: Timestamp,
}

/// The organization of a public id.
pub async fn find(
    db: &impl Query,
    id: OrganizationId,
) -> Result<Option<OrganizationRow>, StoreError> {
    db.query_opt(FIND, params![id]).await?.map(OrganizationRow::read).transpose()
}

/// The organization that a scope reaches.
pub async fn load(db: &impl Query, scope: &Scope) -> Result<OrganizationRow, StoreError> {
    let row = db.query_opt(LOAD, params![scope.owner()]).await?;
    row.map(OrganizationRow::read)
        .transpose()?
        .ok_or_else(|| StoreError::Corrupt(format!("no organization {}", scope.owner().0)))
}

/// The organizations that have this name, the oldest first.
pub async fn find_by_name(
    db: &impl Query,
    name: &ObjectName,
) -> Result<Vec<OrganizationRow>, StoreError> {
    let rows = db.query(FIND_BY_NAME, params![name.identity()]).await?;
    rows.into_iter().map(OrganizationRow::read).collect()
}

/// All organizations, by name.
pub async fn list(db: &impl Query) -> Result<Vec<OrganizationRow>, StoreError> {
    db.query(LIST, params![]).await?.into_iter().map(OrganizationRow::read).collect()
}

/// Makes an organization with all that its data hangs on: the built-in elements, its counters, its journal.
/// A used id is [`StoreError::Unique`].
pub async fn insert(tx: &Tx, new: &NewOrganization) -> Result<OrgKey, StoreError> {
    let name = &new.name;
    let retired = retired_key(tx).await?;
    let values = params![new.id, name.as_str(), name.identity(), new.created, retired];
    let mut rows = tx.query(INSERT, values).await?;
    let key: OrgKey = rows.first_mut().ok_or(StoreError::Column(0))?.take(0)?;
    let scope = Scope::own(key);
    tx.query(INSERT_USAGE, params![key]).await?;
    journal::begin(tx, &scope, new.id).await?;
    insert_built_ins(tx, &scope).await?;
    Ok(key)
}

/// Makes the elements that every organization has.
pub(crate) async fn insert_built_ins(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    for built_in in BuiltIn::ALL {
        let element = elements::insert(tx, scope, built_in.id(), built_in.data_type()).await?;
        for (id, _) in built_in.default_values() {
            elements::insert_value(tx, scope, element, id).await?;
        }
    }
    Ok(())
}

/// Sees to it that the key of an organization that is removed is never given again: what is remembered under it would
/// live on in another.
pub(crate) async fn retire_key(tx: &Tx, key: OrgKey) -> Result<(), StoreError> {
    let greatest = retired_key(tx).await?.max(key.0);
    server_values::save(tx, RETIRED_KEY, &greatest.to_be_bytes()).await
}

async fn retired_key(tx: &Tx) -> Result<i64, StoreError> {
    let value = server_values::find(tx, RETIRED_KEY).await?;
    Ok(value.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes))
}

/// Gives the organization another name.
pub async fn rename(tx: &Tx, scope: &Scope, name: &ObjectName) -> Result<(), StoreError> {
    tx.query(RENAME, params![scope.owner(), name.as_str(), name.identity()]).await.map(drop)
}

/// Refuses the organization's clients from now on; its data stays.
pub async fn disable(tx: &Tx, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
    server_values::count_identity_change(tx).await?;
    tx.query(SET_DISABLED, params![scope.owner(), at]).await.map(drop)
}

/// Lets the organization's clients in again.
pub async fn enable(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    server_values::count_identity_change(tx).await?;
    tx.query(SET_DISABLED, params![scope.owner(), None::<Timestamp>]).await.map(drop)
}
