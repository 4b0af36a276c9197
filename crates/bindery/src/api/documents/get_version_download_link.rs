//! `GET /api/documents/{documentId}/versions/{versionId}/raw`, also called `downloadlink`

use axum::extract::State;
use axum::response::Response;
use utoipa::ToSchema;

use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{DocumentParameters, TenantParameter, VersionParameters};
use crate::api::paths::VersionPath;
use crate::api::presigned;
use crate::app::App;

/// Where bytes are for a short while.
#[derive(ToSchema)]
#[schema(as = DownloadLink)]
#[expect(dead_code, reason = "describes what the handler writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct DownloadLinkBody {
    /// Fetched without the `Authorization` header.
    url: String,
    /// When it ends, in UTC.
    #[schema(format = DateTime, example = "2026-01-31T08:20:30.125Z")]
    expires_at: String,
}

/// Get document version download link
///
/// A short-lived URL of the version's bytes. Any role. `…/downloadlink` is a second name of the same call.
#[utoipa::path(get, path = "/documents/{documentId}/versions/{versionId}/raw",
    operation_id = "Documents_getVersionDownloadLink", tag = "Documents",
    params(TenantParameter, DocumentParameters, VersionParameters),
    responses((status = 200, description = "A short-lived URL that points at storage; fetched without the Authorization header.",
        body = DownloadLinkBody), Problems))]
pub(crate) async fn get_version_download_link(
    State(app): State<App>,
    reader: Reader,
    path: VersionPath,
) -> Result<Response, ApiError> {
    let version = path.load(&app.store, reader.scope()).await?;
    let link = presigned::download(&app, &reader, &version).await?;
    let mut text = JsonText::default();
    text.raw("{\"url\":").string(&link.url).raw(",\"expiresAt\":").plain(link.expires).raw("}");
    Ok(text.into_secret_answer())
}
