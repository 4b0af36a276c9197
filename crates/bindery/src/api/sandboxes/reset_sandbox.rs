//! `POST /sandbox/reset`

use axum::extract::State;
use http::StatusCode;

use super::Offered;
use crate::access::Creator;
use crate::actions;
use crate::api::ApiError;
use crate::api::openapi::Problems;
use crate::api::parameters::TenantParameter;
use crate::app::App;

/// Reset the sandbox
///
/// Needs the Creator role. Brings the caller's sandbox back to its first state: what was uploaded is gone, and the examples are
/// as they were. Organization, client, secret and the time at which it ends stay. 404 for an organization that is no sandbox,
/// and unless the server was started with `--sandbox`.
#[utoipa::path(post, path = "/sandbox/reset", operation_id = "Sandbox_resetSandbox", tag = "Sandbox",
    params(TenantParameter),
    responses((status = 204, description = "The sandbox is as on its first day."), Problems))]
pub(crate) async fn reset_sandbox(
    _: Offered,
    State(app): State<App>,
    creator: Creator,
) -> Result<StatusCode, ApiError> {
    let left = app.sandboxes.take_reset(creator.organization_id(), app.clock.now());
    if let Some(retry_after) = left.retry_after {
        return Err(ApiError::Throttled { retry_after });
    }
    actions::reset_sandbox(&app, creator.scope()).await?;
    Ok(StatusCode::NO_CONTENT)
}
