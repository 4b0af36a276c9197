//! `GET /api/documents/uploads/personalstorage/presignedupload`

use axum::extract::State;
use axum::response::Response;
use bindery_domain::UploadId;
use bindery_store::uploads::NewUpload;
use utoipa::ToSchema;

use crate::access::HeaderlessCreator;
use crate::actions;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::presigned;
use crate::app::App;

/// Where to PUT, and what to commit.
#[derive(ToSchema)]
#[schema(as = PresignedUpload)]
#[expect(dead_code, reason = "describes what the handler writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct PresignedUploadBody {
    /// Takes one PUT of the bytes, without the `Authorization` header.
    presigned_url: String,
    /// Goes to the commit.
    #[schema(example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")]
    upload_id: String,
}

/// Get new presigned URL for upload
///
/// Needs the Creator role and no tenant header. The URL accepts one PUT of the bytes; the id goes to the commit.
#[utoipa::path(get, path = "/documents/uploads/personalstorage/presignedupload", operation_id = "Documents_getPresignedUpload",
    tag = "Documents",
    responses((status = 200, description = "Where to PUT, and the upload's id.", body = PresignedUploadBody), Problems))]
pub(crate) async fn get_presigned_upload(
    State(app): State<App>,
    creator: HeaderlessCreator,
) -> Result<Response, ApiError> {
    let (id, created) = (UploadId::random(), app.clock.now());
    let ends = presigned::upload_ends(&app, created);
    let new = NewUpload { id, client: creator.client_id().clone(), created, expires: ends };
    let limit_bytes = actions::open_upload(&app, creator.scope(), new).await?;
    let link = presigned::upload(&app, &creator, id, created, limit_bytes).await?;
    let mut text = JsonText::default();
    text.raw("{\"presignedUrl\":").string(&link.url).raw(",\"uploadId\":").plain(id).raw("}");
    Ok(text.into_secret_answer())
}
