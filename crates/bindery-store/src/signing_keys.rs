//! The keys that access tokens are signed with.

use bindery_domain::Timestamp;

use crate::{Query, Row, StoreError, Tx, params};

/// A signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// Its public name.
    pub kid: String,
    /// `ES256` or `RS256`.
    pub alg: String,
    /// PKCS #8.
    pub private: Vec<u8>,
    /// JSON.
    pub public_jwk: String,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when it verifies; absent while it signs or will sign.
    pub verifies_until: Option<Timestamp>,
}

/// All keys that sign, will sign or still verify.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn list(db: &impl Query, now: Timestamp) -> Result<Vec<SigningKeyRow>, StoreError> {
    let rows = db
        .query(
            "select kid, alg, private, public_jwk, created, signs_from, verifies_until from signing_key
             where verifies_until is null or verifies_until > $1 order by signs_from, kid",
            params![now.0],
        )
        .await?;
    rows.into_iter().map(signing_key).collect()
}

/// Adds a key and ends those before it at a time; the caller has counted the change of identity.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn insert(
    tx: &Tx,
    key: &SigningKeyRow,
    others_verify_until: Timestamp,
) -> Result<(), StoreError> {
    tx.query(
        "update signing_key set verifies_until = $1 where verifies_until is null",
        params![others_verify_until.0],
    )
    .await?;
    tx.query(
        "insert into signing_key (kid, alg, private, public_jwk, created, signs_from, verifies_until)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            key.kid.as_str(),
            key.alg.as_str(),
            key.private.as_slice(),
            key.public_jwk.as_str(),
            key.created.0,
            key.signs_from.0,
            key.verifies_until.map(|until| until.0),
        ],
    )
    .await?;
    Ok(())
}

/// Removes the keys that no longer verify, private halves and all.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn remove_expired(tx: &Tx, now: Timestamp) -> Result<(), StoreError> {
    tx.query("delete from signing_key where verifies_until <= $1", params![now.0]).await?;
    Ok(())
}

/// Removes all keys, and with them every token that lives: for a key that has leaked.
///
/// # Errors
/// Any [`StoreError`] of the engine.
pub async fn remove_all(tx: &Tx) -> Result<(), StoreError> {
    tx.query("delete from signing_key", params![]).await?;
    Ok(())
}

fn signing_key(mut row: Row) -> Result<SigningKeyRow, StoreError> {
    Ok(SigningKeyRow {
        kid: row.take(0)?,
        alg: row.take(1)?,
        private: row.take(2)?,
        public_jwk: row.take(3)?,
        created: Timestamp(row.take(4)?),
        signs_from: Timestamp(row.take(5)?),
        verifies_until: row.take::<Option<i64>>(6)?.map(Timestamp),
    })
}
