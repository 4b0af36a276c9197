//! `GET /.well-known/openid-configuration/jwks`: the public halves of the signing keys (RFC 7517).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use jsonwebtoken::jwk::JwkSet;

use crate::app::App;

/// Lists the keys whose tokens count, and the one that signs next.
pub async fn list_public_keys(State(app): State<App>) -> Response {
    let keyring = app.identity.keyring();
    let keys = keyring.published(app.clock.now()).map(|key| key.public_jwk().clone()).collect();
    let mut response = Json(JwkSet { keys }).into_response();
    // A key signs seconds after it was published, so nobody between may answer from memory.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
