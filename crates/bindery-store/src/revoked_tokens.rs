//! Access tokens that were revoked before their time.

use bindery_domain::{ClientId, Timestamp};

use crate::{Query, StoreError, Tx, params};

/// Remembers that a token is revoked, until it would have expired anyway; the caller has counted the change of identity.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn insert(
    tx: &Tx,
    jti: &str,
    client: &ClientId,
    expires: Timestamp,
) -> Result<(), StoreError> {
    tx.query(
        "insert into revoked_token (jti, client, expires) values ($1, $2, $3) on conflict (jti) do nothing",
        params![jti, client.as_str(), expires.0],
    )
    .await?;
    Ok(())
}

/// Forgets the tokens that have expired.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn remove_expired(tx: &Tx, now: Timestamp) -> Result<(), StoreError> {
    tx.query("delete from revoked_token where expires <= $1", params![now.0]).await?;
    Ok(())
}
