//! Checking a client's secret: the same time and the same answer whether the client is unknown or the secret wrong.

use std::net::IpAddr;
use std::sync::Arc;

use bindery_domain::{ClientId, Timestamp};
use bindery_store::StoreError;
use bindery_store::credentials::{self, LiveSecret};

use super::attempts::TooMany;
use super::claims::Authenticated;
use super::credentials::Credentials;
use super::{Identity, TokenError, secret};

/// The live secrets of a client as they were at a number of the identity's changes.
pub(crate) struct KnownSecrets {
    change: i64,
    secrets: Vec<LiveSecret>,
}

impl Identity {
    /// Proves the client that a request claims.
    ///
    /// # Errors
    /// [`TokenError::InvalidClient`] for all that is wrong with it, [`TokenError::TooMany`] after too many failures.
    pub async fn authenticate(
        &self,
        credentials: &Credentials,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Authenticated, TokenError> {
        let leave = self.parts().attempts.begin(&credentials.client, address, now)?;
        match self.prove(credentials).await {
            Ok(Some(who)) => {
                leave.withdraw();
                Ok(who)
            }
            Ok(None) => {
                leave.failed(now)?;
                Err(TokenError::InvalidClient)
            }
            Err(error) => {
                leave.withdraw();
                Err(error.into())
            }
        }
    }

    async fn prove(&self, credentials: &Credentials) -> Result<Option<Authenticated>, StoreError> {
        // Always two, so that how the secret was written costs no time of its own.
        let as_sent = credentials.as_sent.as_ref().unwrap_or(&credentials.secret);
        let presented = [secret::digest_of(&credentials.secret), secret::digest_of(as_sent)];
        let Ok(id) = credentials.client.parse::<ClientId>() else { return Ok(None) };
        // The number before the rows: what is remembered is then never older than its number says.
        let change = self.change();
        if let Some(known) = self.parts().clients.get(id.as_str())
            && known.change == change
            && let Some(who) = matching(&known.secrets, &presented)
        {
            return Ok(Some(who));
        }
        // Whatever does not match from memory reads the database, so that a known and an unknown client take the
        // same time, and a secret made a moment ago works at once.
        let secrets = credentials::find_secrets(&self.parts().store, &id).await?;
        let who = matching(&secrets, &presented);
        if who.is_some() {
            let known = KnownSecrets { change, secrets };
            self.parts().clients.insert(id.to_string(), Arc::new(known));
        }
        Ok(who)
    }
}

/// Compares with two digests always, with nothing's when there are fewer.
fn matching(secrets: &[LiveSecret], presented: &[[u8; 32]; 2]) -> Option<Authenticated> {
    let is_equal = |stored: &[u8]| {
        let [decoded, as_sent] = presented.each_ref().map(|one| secret::is_equal(one, stored));
        decoded | as_sent
    };
    let mut found = None;
    for live in secrets {
        if is_equal(&live.digest) {
            found = Some(live);
        }
    }
    for _ in secrets.len()..2 {
        std::hint::black_box(is_equal(&[0; 32]));
    }
    found.map(|live| Authenticated {
        client: live.client.id.clone(),
        organization: live.client.organization,
        role: live.client.role,
        secret: live.secret.clone(),
    })
}

impl From<TooMany> for TokenError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}
