//! `POST /sandbox`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::Offered;
use crate::access::ClientAddress;
use crate::actions;
use crate::api::ApiError;
use crate::api::openapi::ProblemDoc;
use crate::app::App;
use crate::middleware::current;

/// How to get into a sandbox. The secret is shown here and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sandbox)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SandboxBody {
    /// Goes into `x-ibinder-tenantid`.
    #[schema(example = "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e")]
    organization_id: String,
    /// The `client_id` for a token.
    #[schema(example = "sandbox-Vq3n0ZsLw7Kx")]
    client_id: String,
    /// The `client_secret` for a token.
    #[schema(example = "8Jp2fQm7sYb0TzKcW4hXn1LrUeVg5oAi9DdPqMxRtE3")]
    client_secret: String,
    /// When the organization ends with all in it.
    #[schema(format = "date-time", example = "2026-02-01T08:15:30.000Z")]
    expires_at: String,
}

/// Make a sandbox
///
/// Anybody may call it. Makes an organization of the caller's own with the contents of the demonstration, and a client with the
/// Creator role. Ids are those of the examples in this documentation; organization and client alone are the caller's own.
/// It ends by itself with all in it. 404 unless the server was started with `--sandbox`.
#[utoipa::path(post, path = "/sandbox", operation_id = "Sandbox_openSandbox", tag = "Sandbox", security(()),
    responses(
        (status = 201, description = "The sandbox is ready.", body = SandboxBody),
        (status = 404, description = "This server offers no sandboxes.", body = ProblemDoc, content_type = "application/problem+json"),
        (status = 429, description = "Too many were made from this address; `Retry-After` says when to go on.", body = ProblemDoc, content_type = "application/problem+json"),
        (status = 503, description = "As many are in use as this server allows; `Retry-After` says when the first ends.", body = ProblemDoc, content_type = "application/problem+json")))]
pub(crate) async fn open_sandbox(
    _: Offered,
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
) -> Result<Response, ApiError> {
    let left = app.sandboxes.take_opening(address, app.clock.now());
    current::note_quota(left);
    if let Some(retry_after) = left.retry_after {
        return Err(ApiError::Throttled { retry_after });
    }
    let opened = actions::open_sandbox(&app).await?;
    let body = SandboxBody {
        organization_id: opened.visitor.organization.to_string(),
        client_id: opened.visitor.client.to_string(),
        client_secret: opened.visitor.secret,
        expires_at: opened.expires.to_string(),
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
