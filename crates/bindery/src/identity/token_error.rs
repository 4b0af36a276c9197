//! Errors of the identity provider in the shapes of RFC 6749, section 5.2. Never mixed with the API's problem bodies.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Why the identity provider refuses.
#[derive(Debug)]
pub enum TokenError {
    /// A parameter is missing, repeated or of the wrong shape; says which.
    InvalidRequest(&'static str),
    /// The client could not be authenticated. Says nothing of why.
    InvalidClient,
    /// The grant type is not one of ours.
    UnsupportedGrantType,
    /// The scope is not one of ours.
    InvalidScope,
    /// The token belongs to another client (RFC 7009, section 2.1).
    UnauthorizedClient(&'static str),
    /// Too many requests, or too many failed ones.
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database is busy or out of reach.
    Unavailable,
    /// A failure of ours; logged, never shown.
    Internal(anyhow::Error),
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    error_description: &'static str,
}

impl TokenError {
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::InvalidRequest(what) => (StatusCode::BAD_REQUEST, "invalid_request", what),
            Self::InvalidClient => {
                (StatusCode::UNAUTHORIZED, "invalid_client", "client authentication failed")
            }
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "the grant type is client_credentials",
            ),
            Self::InvalidScope => {
                (StatusCode::BAD_REQUEST, "invalid_scope", "the scope is ibinder_public")
            }
            Self::UnauthorizedClient(what) => {
                (StatusCode::BAD_REQUEST, "unauthorized_client", what)
            }
            // RFC 6749 knows no error for this; the word is RFC 8628's for a client that asks too often.
            Self::TooMany { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "slow_down", "too many requests, try again later")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again later")
            }
            Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "something went wrong here")
            }
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, error, error_description) = self.parts();
        if let Self::Internal(cause) = &self {
            tracing::error!(error = format!("{cause:#}"), "identity request failed");
        }
        let mut response = (status, Json(ErrorBody { error, error_description })).into_response();
        let headers = response.headers_mut();
        never_stored(headers);
        match self {
            Self::InvalidClient => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Basic realm="bindery", charset="UTF-8""#),
                );
            }
            Self::TooMany { retry_after } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_secs(retry_after)));
            }
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

impl From<bindery_store::StoreError> for TokenError {
    fn from(error: bindery_store::StoreError) -> Self {
        match error {
            busy
            @ (bindery_store::StoreError::Busy(_) | bindery_store::StoreError::Interrupted) => {
                tracing::warn!(error = %busy, "the database did not answer in time");
                Self::Unavailable
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<anyhow::Error> for TokenError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// Marks an answer that carries tokens or speaks about them (RFC 6749, section 5.1).
pub(crate) fn never_stored(headers: &mut http::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}

/// Headers count in whole seconds; rounded up, so that waiting so long is enough.
pub(crate) fn whole_secs(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
