//! `GET /api/documents/{documentId}/versions`

use axum::extract::State;
use axum::response::Response;
use bindery_store::versions;

use super::body::VersionBody;
use super::versions::append_version;
use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{DocumentParameters, TenantParameter};
use crate::api::paths::DocumentPath;
use crate::api::stream::{self, Caching, PIECE, Piece};
use crate::app::App;

/// List document versions
///
/// All versions of a document, oldest first, each with a fresh link to its bytes. Any role.
#[utoipa::path(get, path = "/documents/{documentId}/versions", operation_id = "Documents_listVersions",
    tag = "Documents", params(TenantParameter, DocumentParameters),
    responses((status = 200, description = "All versions, ordered by creation date.", body = Vec<VersionBody>), Problems))]
pub(crate) async fn list_versions(
    State(app): State<App>,
    reader: Reader,
    path: DocumentPath,
) -> Result<Response, ApiError> {
    let document = path.load(&app.store, reader.scope()).await?.key;
    stream::answer(Caching::Forbidden, move |after: Option<i64>| {
        let (app, reader) = (app.clone(), reader.clone());
        async move {
            let chunk =
                versions::list_of_document(&app.store, reader.scope(), document, after, PIECE)
                    .await?;
            let mut items = JsonText::default();
            for (n, version) in chunk.rows.iter().enumerate() {
                items.raw(if n > 0 { "," } else { "" });
                append_version(&mut items, &app, &app.store, &reader, version).await?;
            }
            Ok(Piece { items, next: chunk.next })
        }
    })
    .await
}
