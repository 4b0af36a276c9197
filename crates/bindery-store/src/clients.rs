//! API clients and their secrets, as the operator's commands manage them. A client belongs to exactly one
//! organization; its id is unique over all. What proves a client is read by [`crate::credentials`].
//!
//! Every change here counts as a change of identity, so that servers drop what they remember.

use bindery_domain::{ClientId, ObjectName, OrgKey, Role, Scope, Timestamp, fold};

use crate::server_values::count_identity_change;
use crate::{Query, Row, StoreError, Tx, params};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, name, role, created, disabled_at from client ",
            "where org = $1 and removed_at is null ",
            $rest
        )
    };
}

const FIND: &str = select!("and id = $2");
const LIST: &str = select!("order by id");
const OWNER: &str = "select org from client where id = $1";
const INSERT: &str = "insert into client (id, org, name, role, created) \
    values ($2, $1, $3, $4, $5)";
const UPDATE: &str = "update client set name = $3, role = $4 \
    where org = $1 and id = $2 and removed_at is null returning id";
const SET_DISABLED: &str = "update client set disabled_at = $3 \
    where org = $1 and id = $2 and removed_at is null returning id";
const REMOVE: &str = "update client set removed_at = $3 \
    where org = $1 and id = $2 and removed_at is null returning id";
const INSERT_SECRET: &str = "insert into client_secret (client, secret, digest, created) \
    select c.id, $3, $4, $5 from client c \
    where c.org = $1 and c.id = $2 and c.removed_at is null returning secret";
const LIVE_SECRETS: &str = "select s.secret, s.digest, s.created \
    from client_secret s join client c on c.id = s.client \
    where c.org = $1 and c.id = $2 and c.removed_at is null and s.ended_at is null \
    order by s.created desc, s.secret desc";
const END_SECRET: &str = "update client_secret set ended_at = $3 \
    where client = $1 and secret = $2 and ended_at is null";

/// A client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// The `client_id`.
    pub id: ClientId,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created: Timestamp,
    /// Since when it is refused.
    pub disabled_at: Option<Timestamp>,
}

/// A live secret of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// Its public name, which its tokens carry.
    pub name: String,
    /// SHA-256 of the secret.
    pub digest: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
}

/// What a new client is made of; its secret is added after it.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// The `client_id`.
    pub id: ClientId,
    /// What people call it.
    pub name: ObjectName,
    /// What it may do.
    pub role: Role,
    /// When it is made.
    pub created: Timestamp,
}

impl ClientRow {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take(0)?,
            name: row.take(1)?,
            role: row.take(2)?,
            created: row.take(3)?,
            disabled_at: row.take(4)?,
        })
    }
}

/// The client of an id, if it is this organization's and not removed.
pub async fn find(
    db: &impl Query,
    scope: &Scope,
    id: &ClientId,
) -> Result<Option<ClientRow>, StoreError> {
    db.query_opt(FIND, params![scope.owner(), id]).await?.map(ClientRow::read).transpose()
}

/// The clients that have this name, by id.
pub async fn find_by_name(
    db: &impl Query,
    scope: &Scope,
    name: &ObjectName,
) -> Result<Vec<ClientRow>, StoreError> {
    let identity = name.identity();
    let mut clients = list(db, scope).await?;
    clients.retain(|client| fold::identity(&client.name) == identity);
    Ok(clients)
}

/// The organization's clients, by id.
pub async fn list(db: &impl Query, scope: &Scope) -> Result<Vec<ClientRow>, StoreError> {
    let rows = db.query(LIST, params![scope.owner()]).await?;
    rows.into_iter().map(ClientRow::read).collect()
}

/// Which organization has used a client id, removed clients included: such an id is never given again.
pub async fn owner(db: &impl Query, id: &ClientId) -> Result<Option<OrgKey>, StoreError> {
    db.query_opt(OWNER, params![id]).await?.map(|mut row| row.take(0)).transpose()
}

/// A client's live secrets, at most two, the newest first.
pub async fn secrets(
    db: &impl Query,
    scope: &Scope,
    id: &ClientId,
) -> Result<Vec<SecretRow>, StoreError> {
    let rows = db.query(LIVE_SECRETS, params![scope.owner(), id]).await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(SecretRow { name: row.take(0)?, digest: row.take(1)?, created: row.take(2)? })
        })
        .collect()
}

/// Makes a client without a secret. A used id is [`StoreError::Unique`].
pub async fn insert(tx: &Tx, scope: &Scope, new: &NewClient) -> Result<(), StoreError> {
    count_identity_change(tx).await?;
    let name = new.name.as_str();
    let values = params![scope.owner(), &new.id, name, &new.role, new.created];
    tx.query(INSERT, values).await.map(drop)
}

/// Gives a client another name and role; false when there is no such client.
pub async fn update(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    name: &ObjectName,
    role: Role,
) -> Result<bool, StoreError> {
    count_identity_change(tx).await?;
    let values = params![scope.owner(), id, name.as_str(), &role];
    Ok(tx.query_opt(UPDATE, values).await?.is_some())
}

/// Refuses a client from now on; false when there is no such client.
pub async fn disable(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    set_disabled(tx, scope, id, Some(at)).await
}

/// Lets a client in again; false when there is no such client.
pub async fn enable(tx: &Tx, scope: &Scope, id: &ClientId) -> Result<bool, StoreError> {
    set_disabled(tx, scope, id, None).await
}

/// Removes a client for good and ends its secrets; false when there is no such client. Its id stays used.
pub async fn remove(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    end_secrets(tx, scope, id, 0, at).await?;
    Ok(tx.query_opt(REMOVE, params![scope.owner(), id, at]).await?.is_some())
}

/// Adds a secret; of those that were live, the newest stays beside it and older ones end.
/// Returns the names of those that ended, `None` when there is no such client.
pub async fn add_secret(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    secret: &SecretRow,
) -> Result<Option<Vec<String>>, StoreError> {
    let ended = end_secrets(tx, scope, id, 1, secret.created).await?;
    let name = secret.name.as_str();
    let values = params![scope.owner(), id, name, secret.digest, secret.created];
    Ok(tx.query_opt(INSERT_SECRET, values).await?.map(|_| ended))
}

/// Ends a client's secrets but the `keep` newest ones, and with them the tokens that they made.
/// Returns their names.
pub async fn end_secrets(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    keep: usize,
    at: Timestamp,
) -> Result<Vec<String>, StoreError> {
    count_identity_change(tx).await?;
    let mut ended = Vec::new();
    for secret in secrets(tx, scope, id).await?.into_iter().skip(keep) {
        tx.query(END_SECRET, params![id, secret.name.as_str(), at]).await?;
        ended.push(secret.name);
    }
    Ok(ended)
}

async fn set_disabled(
    tx: &Tx,
    scope: &Scope,
    id: &ClientId,
    at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    count_identity_change(tx).await?;
    Ok(tx.query_opt(SET_DISABLED, params![scope.owner(), id, at]).await?.is_some())
}
