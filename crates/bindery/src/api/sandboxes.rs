//! Sandboxes: an extension of ours, offered by `bindery serve --sandbox` only.

pub(crate) mod get_sandbox_offer;
pub(crate) mod open_sandbox;
pub(crate) mod reset_sandbox;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::ApiError;
use crate::app::App;

/// Proof that the server offers sandboxes; without it a handler is no path of this server.
pub(crate) struct Offered(());

impl FromRequestParts<App> for Offered {
    type Rejection = ApiError;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match app.sandboxes.config().is_offered {
            true => Ok(Self(())),
            false => Err(ApiError::UnknownPath),
        }
    }
}
