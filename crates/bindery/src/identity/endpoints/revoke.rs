//! `POST /connect/revocation` (RFC 7009): a client ends a token of its own.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use super::authenticated;
use crate::access::ClientAddress;
use crate::app::App;
use crate::identity::TokenError;
use crate::identity::parameters::Parameters;
use crate::identity::token_error::never_stored;

/// Ends a token before its time; on this node at once, on others within a second.
///
/// Answers the same for a token that does not exist or has expired (RFC 7009, section 2.2). The type hint is not
/// needed: there is one type.
///
/// # Errors
/// [`TokenError`] as RFC 6749 has it; `unauthorized_client` for another client's token.
pub async fn revoke_token(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, TokenError> {
    let client = authenticated(&app, address, &headers, &parameters).await?;
    let token = parameters.get("token").ok_or(TokenError::InvalidRequest("token is missing"))?;
    app.identity.revoke(token, &client, app.clock.now()).await?;
    let mut response = StatusCode::OK.into_response();
    never_stored(response.headers_mut());
    Ok(response)
}
