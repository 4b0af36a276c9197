//! What an access token says (RFC 9068, section 2.2).

use bindery_domain::{ClientId, OrganizationId, Role, Timestamp};
use serde::{Deserialize, Serialize};

/// The one scope there is.
pub const SCOPE: &str = "ibinder_public";

/// Whom tokens are for: the public API of this installation.
pub const AUDIENCE: &str = "ibinder_public";

/// The claims as they stand in a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made the token: the public URL at that time.
    pub iss: String,
    /// Whom it is about; with client credentials the client itself.
    pub sub: String,
    /// Whom it is for.
    pub aud: String,
    /// The client that asked for it.
    pub client_id: String,
    /// From when on it no longer counts, seconds since 1970.
    pub exp: i64,
    /// When it was made, seconds since 1970.
    pub iat: i64,
    /// Its own name, never used twice; what a revocation remembers.
    pub jti: String,
    /// What it allows.
    pub scope: String,
    /// The client's organization.
    pub organization_id: String,
    /// The client's role when the token was made; what counts is the client's role at each call.
    pub role: String,
    /// Name of the secret that made it: ending the secret ends its tokens.
    pub secret: String,
}

/// A live client that has proved a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// The client.
    pub client: ClientId,
    /// Its organization.
    pub organization: OrganizationId,
    /// Its role.
    pub role: Role,
    /// Name of the secret that it proved.
    pub secret: String,
}

impl Claims {
    /// The claims of a new token.
    #[must_use]
    pub fn new(
        issuer: &str,
        by: &Authenticated,
        jti: String,
        now: Timestamp,
        expires_in_secs: i64,
    ) -> Self {
        Self {
            iss: issuer.to_owned(),
            sub: by.client.to_string(),
            aud: AUDIENCE.to_owned(),
            client_id: by.client.to_string(),
            exp: now.secs().saturating_add(expires_in_secs),
            iat: now.secs(),
            jti,
            scope: SCOPE.to_owned(),
            organization_id: by.organization.to_string(),
            role: by.role.to_string(),
            secret: by.secret.clone(),
        }
    }

    /// When the token stops to count.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        Timestamp(0).plus_secs(self.exp)
    }
}
