//! What the identity provider answers over HTTP, one file for each endpoint.

pub mod discovery;
pub mod introspect;
pub mod jwks;
pub mod revoke;
pub mod token;

use http::HeaderMap;

use super::credentials::Credentials;
use super::parameters::Parameters;
use super::{TokenError, claims::Authenticated};
use crate::access::ClientAddress;
use crate::app::App;

/// Where the endpoints are, below the public URL.
pub mod paths {
    /// Makes tokens.
    pub const TOKEN: &str = "/connect/token";
    /// Ends a token.
    pub const REVOCATION: &str = "/connect/revocation";
    /// Says what a token is worth.
    pub const INTROSPECTION: &str = "/connect/introspect";
    /// Discovery of OpenID Connect.
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// Discovery of OAuth 2.0 (RFC 8414).
    pub const OAUTH_SERVER: &str = "/.well-known/oauth-authorization-server";
    /// The public halves of the signing keys.
    pub const JWKS: &str = "/.well-known/openid-configuration/jwks";
}

/// Proves the client that a request to the identity provider claims.
async fn authenticated(
    app: &App,
    address: ClientAddress,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Authenticated, TokenError> {
    let credentials = Credentials::find(headers, parameters)?;
    app.identity.authenticate(&credentials, address.0, app.clock.now()).await
}
