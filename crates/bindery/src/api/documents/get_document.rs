//! `GET /api/documents/{documentId}`

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use super::body::{DocumentBody, write_document};
use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{DocumentParameters, TenantParameter};
use crate::api::paths::DocumentPath;
use crate::app::App;

/// Get document
///
/// One document with its latest version's metadata. Any role. Answers 304 to an `If-None-Match` that names its `ETag`.
#[utoipa::path(get, path = "/documents/{documentId}", operation_id = "Documents_getDocument", tag = "Documents",
    params(TenantParameter, DocumentParameters),
    responses((status = 200, description = "The document.", body = DocumentBody), (status = 304, description = "Not changed."), Problems))]
pub(crate) async fn get_document(
    State(app): State<App>,
    reader: Reader,
    path: DocumentPath,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let document = path.load(&app.store, reader.scope()).await?;
    let mut text = JsonText::with_capacity(document.metadata.len() + 1024);
    write_document(&mut text, &document);
    Ok(text.into_tagged_answer(&headers))
}
