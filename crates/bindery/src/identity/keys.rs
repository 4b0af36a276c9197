//! Making, listing and rotating signing keys: what the server does at its first start, and `bindery keys`.

use anyhow::Context;
use bindery_domain::Timestamp;
use bindery_store::signing_keys::{self, SigningKeyRow};
use bindery_store::{Store, StoreError, server_values};
use serde::Serialize;

use super::{KeyTimes, MAX_TOKEN_EXPIRY, SigningAlgorithm, SigningKey, signing_key};

/// Between publishing a key and signing with it. Every node re-reads the keys twice a second, so each has it by then;
/// verifiers elsewhere fetch the published keys again when they see a name that they do not know (OpenID Connect
/// Core, section 10.1.1).
const HANDOVER_SECS: i64 = 5;

/// A signing key as `bindery keys` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyDescription {
    /// Its public name.
    pub kid: String,
    /// `ES256` or `RS256`.
    pub algorithm: String,
    /// What it does now.
    pub state: KeyState,
    /// When it was made.
    pub created: String,
    /// From when on it signs.
    pub signs_from: String,
    /// Until when it verifies; absent while no later key has taken its place.
    pub verifies_until: Option<String>,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// It is published and signs soon.
    Waiting,
    /// It signs new tokens.
    Signing,
    /// It verifies the tokens that it signed.
    Verifying,
}

/// What becomes of the keys before a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Previous {
    /// They verify until the last token that they signed has expired.
    VerifyOn,
    /// They and their tokens end at once: for a key that has leaked.
    End,
}

/// Lists the keys that sign, will sign or still verify, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(store: &Store, now: Timestamp) -> anyhow::Result<Vec<KeyDescription>> {
    let rows = signing_keys::list(store, now).await.context("reading the signing keys")?;
    let signer = rows.iter().rfind(|row| row.signs_from <= now).map(|row| row.kid.clone());
    Ok(rows.iter().map(|row| describe(row, signer.as_deref(), now)).collect())
}

/// Makes a new key that is published at once and signs in a few seconds, or at once when it must replace the others.
/// It is of the latest key's algorithm when none is named.
///
/// # Errors
/// When the database cannot be written.
pub async fn rotate(
    store: &Store,
    algorithm: Option<SigningAlgorithm>,
    previous: Previous,
    now: Timestamp,
) -> anyhow::Result<KeyDescription> {
    let (signs_from, others_until) = match previous {
        Previous::VerifyOn => {
            (now.plus_secs(HANDOVER_SECS), last_token(now.plus_secs(HANDOVER_SECS)))
        }
        Previous::End => (now, now),
    };
    let latest = signing_keys::list(store, now).await.context("reading the signing keys")?;
    let latest = latest.last().and_then(|row| row.alg.parse().ok()).unwrap_or_default();
    let key = new_key(algorithm.unwrap_or(latest), now, signs_from)?;
    let stored = key.clone();
    let written = store.write(move |tx| {
        let key = stored.clone();
        async move {
            server_values::count_identity_change(&tx).await?;
            if previous == Previous::End {
                // Those of earlier rotations verify, too.
                signing_keys::remove_all(&tx).await?;
            }
            signing_keys::insert(&tx, &key, others_until).await
        }
    });
    written.await.context("storing a signing key")?;
    let signer = (signs_from <= now).then_some(key.kid.as_str());
    Ok(describe(&key, signer, now))
}

/// Makes the first key, or one of the wanted algorithm when the latest is of another. Of several nodes that start at
/// once, one does.
///
/// # Errors
/// When the database cannot be written.
pub(crate) async fn ensure(
    store: &Store,
    algorithm: SigningAlgorithm,
    now: Timestamp,
) -> anyhow::Result<()> {
    let is_latest =
        move |rows: &[SigningKeyRow]| rows.last().is_some_and(|row| row.alg == algorithm.as_str());
    if is_latest(&signing_keys::list(store, now).await.context("reading the signing keys")?) {
        return Ok(());
    }
    let first = new_key(algorithm, now, now)?;
    let made = store.write(move |tx| {
        let mut key = first.clone();
        async move {
            // Counting the change locks its row: what is read after it is what the other nodes have made.
            server_values::count_identity_change(&tx).await?;
            let others = signing_keys::list(&tx, now).await?;
            if is_latest(&others) {
                return Ok(false);
            }
            if !others.is_empty() {
                key.signs_from = now.plus_secs(HANDOVER_SECS);
            }
            signing_keys::insert(&tx, &key, last_token(key.signs_from)).await?;
            Ok::<_, StoreError>(true)
        }
    });
    if made.await.context("storing a signing key")? {
        tracing::info!("made a new {algorithm} signing key");
    }
    Ok(())
}

/// Parses a stored key.
pub(crate) fn parsed(row: &SigningKeyRow) -> anyhow::Result<SigningKey> {
    let algorithm = row.alg.parse().with_context(|| format!("signing key {}", row.kid))?;
    let times = KeyTimes {
        created: row.created,
        signs_from: row.signs_from,
        verifies_until: row.verifies_until,
    };
    SigningKey::parse(algorithm, &row.private, times)
}

/// When the last token expires that is signed before the given time.
fn last_token(signed: Timestamp) -> Timestamp {
    signed.plus_secs(i64::try_from(MAX_TOKEN_EXPIRY.as_secs()).unwrap_or(i64::MAX))
}

fn new_key(
    algorithm: SigningAlgorithm,
    now: Timestamp,
    signs_from: Timestamp,
) -> anyhow::Result<SigningKeyRow> {
    let private = signing_key::generate(algorithm)?;
    let key = SigningKey::parse(
        algorithm,
        &private,
        KeyTimes { created: now, signs_from, verifies_until: None },
    )?;
    Ok(SigningKeyRow {
        kid: key.kid().to_owned(),
        alg: algorithm.as_str().to_owned(),
        private,
        public_jwk: serde_json::to_string(key.public_jwk())?,
        created: now,
        signs_from,
        verifies_until: None,
    })
}

fn describe(row: &SigningKeyRow, signer: Option<&str>, now: Timestamp) -> KeyDescription {
    let state = match signer {
        _ if row.signs_from > now => KeyState::Waiting,
        Some(kid) if kid == row.kid => KeyState::Signing,
        _ => KeyState::Verifying,
    };
    KeyDescription {
        kid: row.kid.clone(),
        algorithm: row.alg.clone(),
        state,
        created: row.created.to_string(),
        signs_from: row.signs_from.to_string(),
        verifies_until: row.verifies_until.map(|until| until.to_string()),
    }
}
