//! `GET /api/documents/{documentId}/versions/{versionId}`

use axum::extract::State;
use axum::response::Response;

use super::body::VersionBody;
use super::versions::append_version;
use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{DocumentParameters, TenantParameter, VersionParameters};
use crate::api::paths::VersionPath;
use crate::app::App;

/// Get document version
///
/// One version of a document, with a fresh link to its bytes. Any role.
#[utoipa::path(get, path = "/documents/{documentId}/versions/{versionId}", operation_id = "Documents_getVersion",
    tag = "Documents", params(TenantParameter, DocumentParameters, VersionParameters),
    responses((status = 200, description = "The version.", body = VersionBody), Problems))]
pub(crate) async fn get_version(
    State(app): State<App>,
    reader: Reader,
    path: VersionPath,
) -> Result<Response, ApiError> {
    let version = path.load(&app.store, reader.scope()).await?;
    let mut text = JsonText::default();
    append_version(&mut text, &app, &app.store, &reader, &version).await?;
    Ok(text.into_secret_answer())
}
