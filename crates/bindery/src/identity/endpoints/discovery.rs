//! `GET /.well-known/…`: where the endpoints are and what they take (RFC 8414, OpenID Connect Discovery 1.0).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::paths;
use crate::app::App;
use crate::identity::SigningAlgorithm;
use crate::identity::claims::SCOPE;
use crate::identity::grants::client_credentials::GRANT_TYPE;

/// The description of the identity provider.
#[derive(Debug, Clone, Serialize)]
pub struct DiscoveryBody {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    scopes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 1],
    /// None: there is no authorization endpoint.
    response_types_supported: [&'static str; 0],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 2],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    claims_supported: [&'static str; 11],
}

const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// Describes the identity provider. Both well-known addresses answer the same.
pub async fn get_discovery(State(app): State<App>) -> Json<DiscoveryBody> {
    Json(DiscoveryBody::of(app.identity.issuer()))
}

impl DiscoveryBody {
    /// The description for a public URL.
    #[must_use]
    pub fn of(issuer: &str) -> Self {
        let url = |path| format!("{issuer}{path}");
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: url(paths::TOKEN),
            jwks_uri: url(paths::JWKS),
            revocation_endpoint: url(paths::REVOCATION),
            introspection_endpoint: url(paths::INTROSPECTION),
            scopes_supported: [SCOPE],
            grant_types_supported: [GRANT_TYPE],
            response_types_supported: [],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: [
                SigningAlgorithm::Es256.as_str(),
                SigningAlgorithm::Rs256.as_str(),
            ],
            token_endpoint_auth_methods_supported: AUTH_METHODS,
            revocation_endpoint_auth_methods_supported: AUTH_METHODS,
            introspection_endpoint_auth_methods_supported: AUTH_METHODS,
            claims_supported: [
                "iss",
                "sub",
                "aud",
                "client_id",
                "exp",
                "iat",
                "jti",
                "scope",
                "organization_id",
                "role",
                "secret",
            ],
        }
    }
}
