//! `POST /connect/token`: a client proves itself and gets an access token.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Serialize;

use super::authenticated;
use crate::access::ClientAddress;
use crate::app::App;
use crate::identity::TokenError;
use crate::identity::claims::SCOPE;
use crate::identity::grants::client_credentials;
use crate::identity::parameters::Parameters;
use crate::identity::token_error::never_stored;
use crate::middleware::current;

/// The answer to a token request (RFC 6749, section 5.1).
#[derive(Debug, Clone, Serialize)]
pub struct TokenBody {
    /// The access token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// How long it lives, in seconds.
    pub expires_in: i64,
    /// What it allows.
    pub scope: &'static str,
}

/// Makes an access token for a client.
///
/// Anyone may ask: the request carries the client's secret, as parameters or as HTTP Basic.
///
/// # Errors
/// [`TokenError`] as RFC 6749 has it.
pub async fn create_token(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, TokenError> {
    client_credentials::check_grant_type(&parameters)?;
    let client = authenticated(&app, address, &headers, &parameters).await?;
    client_credentials::check_scope(&parameters)?;
    let now = app.clock.now();
    let left = app.limits.take_token(client.client.as_str(), now);
    current::note_quota(left);
    if let Some(retry_after) = left.retry_after {
        return Err(TokenError::TooMany { retry_after });
    }
    let body = TokenBody {
        access_token: app.identity.issue(&client, now)?,
        token_type: "Bearer",
        expires_in: app.identity.token_expiry_secs(),
        scope: SCOPE,
    };
    let mut response = Json(body).into_response();
    never_stored(response.headers_mut());
    Ok(response)
}
