//! `POST /connect/introspect` (RFC 7662): what a token of the client's own organization is worth.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Serialize;

use super::authenticated;
use crate::access::ClientAddress;
use crate::app::App;
use crate::identity::claims::Claims;
use crate::identity::parameters::Parameters;
use crate::identity::token_error::never_stored;
use crate::identity::{SessionError, TokenError};

/// The answer (RFC 7662, section 2.2); the claims only when the token is active.
#[derive(Debug, Clone, Serialize)]
pub struct IntrospectionBody {
    /// Whether the token opens anything now.
    pub active: bool,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// What the token says.
    #[serde(flatten)]
    pub claims: Option<Claims>,
}

/// Describes a token of the client's organization; another organization's is just not active.
///
/// # Errors
/// [`TokenError`] as RFC 6749 has it.
pub async fn introspect_token(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, TokenError> {
    let client = authenticated(&app, address, &headers, &parameters).await?;
    let token = parameters.get("token").ok_or(TokenError::InvalidRequest("token is missing"))?;
    let claims = match app.identity.session(token, app.clock.now()).await {
        Ok(session) => Some(&session)
            .filter(|session| session.organization == client.organization)
            .map(|session| {
                // The role that counts, not the one of when the token was made.
                Claims { role: session.role.to_string(), ..session.claims.clone() }
            }),
        Err(SessionError::Invalid(_) | SessionError::Ended) => None,
        Err(SessionError::Store(error)) => return Err(error.into()),
    };
    let active = claims.is_some();
    let body = IntrospectionBody { active, token_type: active.then_some("Bearer"), claims };
    let mut response = Json(body).into_response();
    never_stored(response.headers_mut());
    Ok(response)
}
