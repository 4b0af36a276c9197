//! The identity provider: clients prove a secret and get an access token; tokens are verified, revoked, described.
//!
//! One file for each thing it does; the handlers of `/connect/*` and `/.well-known/*` are in `endpoints`, one file each.

mod algorithm;
pub mod attempts;
mod authenticate;
pub mod claims;
pub mod credentials;
pub mod endpoints;
pub mod grants;
pub mod keyring;
pub mod keys;
pub mod parameters;
mod revocation;
pub mod secret;
mod session;
pub(crate) mod signing_key;
pub mod token;
mod token_error;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bindery_domain::Timestamp;
use bindery_store::{Store, server_values, signing_keys};
use moka::sync::Cache;
use parking_lot::RwLock;

pub use algorithm::{SigningAlgorithm, UnknownAlgorithm};
pub(crate) use attempts::network;
pub(crate) use secret::sha256;
pub use session::{Session, SessionError};
pub use signing_key::{KeyTimes, SigningKey};
pub use token_error::TokenError;
pub(crate) use token_error::whole_secs;
pub use watch::watch;

use attempts::FailedAttempts;
use authenticate::KnownSecrets;
use claims::{Authenticated, Claims};
use keyring::Keyring;

/// Sessions that a node remembers; some 40 MiB when full.
const REMEMBERED_SESSIONS: u64 = 50_000;
/// Clients that a node remembers, with their secrets' digests.
const REMEMBERED_CLIENTS: u64 = 10_000;

/// The longest life that tokens may be given; a key that stops signing verifies for so long.
pub const MAX_TOKEN_EXPIRY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the operator sets.
#[derive(Debug, Clone)]
pub struct IdentitySettings {
    /// The public URL without a slash at its end: the issuer of tokens, and where the endpoints are.
    pub issuer: String,
    /// How new tokens are signed.
    pub algorithm: SigningAlgorithm,
    /// How long tokens live; at most [`MAX_TOKEN_EXPIRY`].
    pub token_expiry: Duration,
}

/// The identity provider of a node. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) store: Store,
    issuer: String,
    token_expiry_secs: i64,
    keyring: RwLock<Arc<Keyring>>,
    /// The number of the identity's changes up to which this node has caught up. What is remembered carries the
    /// number it was read at, and counts only while that is the present one.
    change: AtomicI64,
    pub(crate) sessions: Cache<[u8; 32], Arc<Session>>,
    pub(crate) clients: Cache<String, Arc<KnownSecrets>>,
    pub(crate) attempts: FailedAttempts,
}

impl Identity {
    /// Opens the identity provider; makes the first signing key when there is none.
    ///
    /// # Errors
    /// When the database cannot be used or holds a key that cannot be read.
    pub async fn open(
        store: Store,
        settings: IdentitySettings,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        keys::ensure(&store, settings.algorithm, now).await?;
        let token_expiry = settings.token_expiry.min(MAX_TOKEN_EXPIRY);
        let identity = Self(Arc::new(Parts {
            store,
            issuer: settings.issuer,
            token_expiry_secs: i64::try_from(token_expiry.as_secs()).unwrap_or(i64::MAX),
            keyring: RwLock::default(),
            change: AtomicI64::new(-1),
            sessions: Cache::builder()
                .max_capacity(REMEMBERED_SESSIONS)
                .time_to_live(token_expiry)
                .build(),
            clients: Cache::builder().max_capacity(REMEMBERED_CLIENTS).build(),
            attempts: FailedAttempts::default(),
        }));
        identity.refresh(now).await?;
        Ok(identity)
    }

    /// Catches up with the changes of identity that any process made: called twice a second by [`watch()`].
    ///
    /// # Errors
    /// When the database cannot be used or holds a key that cannot be read; what was known stays.
    pub async fn refresh(&self, now: Timestamp) -> anyhow::Result<()> {
        let change = server_values::identity_change(&self.0.store).await?;
        if change == self.change() {
            return Ok(());
        }
        let rows = signing_keys::list(&self.0.store, now).await?;
        let keys = rows.iter().map(keys::parsed).collect::<anyhow::Result<_>>()?;
        *self.0.keyring.write() = Arc::new(Keyring::new(keys));
        self.0.change.fetch_max(change, Ordering::AcqRel);
        Ok(())
    }

    /// Makes an access token for a client that has proved itself.
    ///
    /// # Errors
    /// When there is no key to sign with, or the library refuses.
    pub fn issue(&self, to: &Authenticated, now: Timestamp) -> anyhow::Result<String> {
        let jti = secret::random_name::<16>()?;
        let claims = Claims::new(&self.0.issuer, to, jti, now, self.0.token_expiry_secs);
        let keyring = self.keyring();
        let key =
            keyring.signer(now).ok_or_else(|| anyhow::anyhow!("there is no key to sign with"))?;
        key.sign(&serde_json::to_vec(&claims)?)
    }

    /// The signing keys as this node knows them.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.0.keyring.read())
    }

    /// The public URL that tokens name as their issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// How long new tokens live.
    #[must_use]
    pub fn token_expiry_secs(&self) -> i64 {
        self.0.token_expiry_secs
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(crate) fn change(&self) -> i64 {
        self.0.change.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests;
