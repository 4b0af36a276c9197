//! Who stands behind an access token, remembered between calls.

use std::sync::Arc;

use bindery_domain::{ClientId, OrganizationId, Role, Scope, Timestamp};
use bindery_store::{StoreError, credentials};

use super::Identity;
use super::claims::Claims;
use super::secret::sha256;
use super::token::{self, InvalidToken};

/// A live client with a live token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The client.
    pub client: ClientId,
    /// Its organization.
    pub organization: OrganizationId,
    /// Its role, as it is now; the token may carry an older one.
    pub role: Role,
    /// What it may reach.
    pub scope: Scope,
    /// What the token says.
    pub claims: Claims,
    /// When the token stops to count.
    pub expires: Timestamp,
    /// The number of the identity's changes that this was read at.
    change: i64,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The text is no access token.
    #[error(transparent)]
    Invalid(#[from] InvalidToken),
    /// The token is revoked, or its client, secret or organization is disabled or gone.
    #[error("the token was ended")]
    Ended,
    /// The database could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Identity {
    /// Finds who stands behind a token. A remembered token costs one digest and no read.
    ///
    /// # Errors
    /// [`SessionError`] when nobody does.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Arc<Session>, SessionError> {
        let digest = sha256(token.as_bytes());
        // Read before the database is: what is read is then never older than the number it is kept under.
        let change = self.change();
        match self.parts().sessions.get(&digest) {
            Some(session) if session.expires <= now => return Err(InvalidToken::Expired.into()),
            Some(session) if session.change == change => return Ok(session),
            // Anything may have ended since, the key that signed it included.
            _ => {}
        }
        let claims = token::verify(token, &self.keyring(), now)?;
        let Some(session) = self.find_live(claims, change).await? else {
            self.parts().sessions.invalidate(&digest);
            return Err(SessionError::Ended);
        };
        let session = Arc::new(session);
        self.parts().sessions.insert(digest, Arc::clone(&session));
        Ok(session)
    }

    /// Forgets a token that was just revoked.
    pub(crate) fn forget(&self, token: &str) {
        self.parts().sessions.invalidate(&sha256(token.as_bytes()));
    }

    async fn find_live(&self, claims: Claims, change: i64) -> Result<Option<Session>, StoreError> {
        let Ok(id) = claims.client_id.parse::<ClientId>() else { return Ok(None) };
        let live = credentials::find_live(&self.parts().store, &id, &claims.secret, &claims.jti);
        let live =
            live.await?.filter(|live| claims.organization_id.parse() == Ok(live.organization));
        Ok(live.map(|live| Session {
            client: live.id,
            organization: live.organization,
            role: live.role,
            scope: Scope::own(live.org),
            expires: claims.expires(),
            claims,
            change,
        }))
    }
}
