//! `GET /sandbox`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Offered;
use crate::api::openapi::ProblemDoc;
use crate::app::App;

/// What a sandbox is like on this server.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SandboxOffer)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SandboxOfferBody {
    /// How long one lives.
    #[schema(example = 86_400)]
    lifetime_seconds: u64,
    /// How much one may store, its examples included.
    #[schema(example = 209_715_200)]
    max_storage_bytes: u64,
    /// The largest file that one takes.
    #[schema(example = 10_485_760)]
    max_file_bytes: u64,
}

/// Say whether this server offers sandboxes
///
/// Anybody may ask. 404 unless the server was started with `--sandbox`.
#[utoipa::path(get, path = "/sandbox", operation_id = "Sandbox_getSandboxOffer", tag = "Sandbox", security(()),
    responses(
        (status = 200, description = "What a sandbox is like on this server.", body = SandboxOfferBody),
        (status = 404, description = "This server offers no sandboxes.", body = ProblemDoc, content_type = "application/problem+json")))]
pub(crate) async fn get_sandbox_offer(
    _: Offered,
    State(app): State<App>,
) -> Json<SandboxOfferBody> {
    let config = app.sandboxes.config();
    Json(SandboxOfferBody {
        lifetime_seconds: config.expiry.as_secs(),
        max_storage_bytes: config.storage_bytes,
        max_file_bytes: app.sandboxes.most_file_bytes(),
    })
}
