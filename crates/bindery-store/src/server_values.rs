//! Values of the whole installation: keys of presigned URLs, folding versions, the number of the last change of identity.

use bindery_domain::Timestamp;

use crate::{Query, Sql, StoreError, Tx, params};

/// Name of the number that rises with every change of clients, secrets, signing keys and revocations.
const IDENTITY_CHANGE: &str = "identity_change";

/// The value of that name.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn find(db: &impl Query, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = db.query_opt("select value from server_value where name = $1", params![name]).await?;
    row.map(|mut row| row.take(0)).transpose()
}

/// Stores the value unless there is one, and returns what is stored: of several nodes that start at once, all get the
/// same.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn find_or_insert(tx: &Tx, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    tx.query(
        "insert into server_value (name, value) values ($1, $2) on conflict (name) do nothing",
        params![name, value],
    )
    .await?;
    find(tx, name).await?.ok_or_else(|| StoreError::Corrupt(format!("server value {name} is gone")))
}

/// Sets the value.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn save(tx: &Tx, name: &str, value: &[u8]) -> Result<(), StoreError> {
    let sql = "insert into server_value (name, value) values ($1, $2) \
        on conflict (name) do update set value = excluded.value";
    tx.query(sql, params![name, value]).await.map(drop)
}

/// Takes the turn at what one server of many does now and then: true for one of those who ask, and for nobody else until
/// `until`. Whoever dies with it has had it.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn take_turn(
    tx: &Tx,
    name: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    // Times since 1970 are positive, so that their bytes are in their order.
    let sql = "insert into server_value (name, value) values ($1, $2) on conflict (name) do update \
        set value = excluded.value where server_value.value <= $3 returning name";
    let values = params![name, until.0.to_be_bytes(), now.0.to_be_bytes()];
    Ok(tx.query_opt(sql, values).await?.is_some())
}

/// The number of the last change of identity; servers drop what they remember when it moves.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn identity_change(db: &impl Query) -> Result<i64, StoreError> {
    find(db, IDENTITY_CHANGE).await?.map_or(Ok(0), number)
}

/// Counts a change of identity. Whatever changes clients, secrets, signing keys or revocations calls it first in its
/// transaction: it is also the lock that puts such transactions in a row.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn count_identity_change(tx: &Tx) -> Result<i64, StoreError> {
    find_or_insert(tx, IDENTITY_CHANGE, &0_i64.to_be_bytes()).await?;
    let locked = Sql::Each {
        sqlite: "select value from server_value where name = $1".into(),
        postgres: "select value from server_value where name = $1 for update".into(),
    };
    let row = tx.query_opt(locked, params![IDENTITY_CHANGE]).await?;
    let Some(mut row) = row else {
        return Err(StoreError::Corrupt("the number of identity's changes is gone".into()));
    };
    let next = number(row.take(0)?)? + 1;
    tx.query(
        "update server_value set value = $2 where name = $1",
        params![IDENTITY_CHANGE, next.to_be_bytes()],
    )
    .await?;
    Ok(next)
}

fn number(bytes: Vec<u8>) -> Result<i64, StoreError> {
    let bytes =
        bytes.try_into().map_err(|_| StoreError::Corrupt("a server value is no number".into()))?;
    Ok(i64::from_be_bytes(bytes))
}
