//! `GET /api/documents/drives/{domain}/{id}/{folderId}/documents`

use axum::extract::State;
use axum::response::Response;
use bindery_store::documents::{self, Cursor};

use crate::access::Reader;
use crate::api::ApiError;
use crate::api::documents::body::{DocumentBody, write_document};
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{FolderParameters, TenantParameter};
use crate::api::paths::FolderPath;
use crate::api::stream::{self, Caching, PIECE, Piece};
use crate::app::App;

/// List documents in folder
///
/// The documents right in a tab or folder, by file name in Swedish order. Any role.
#[utoipa::path(get, path = "/documents/drives/{domain}/{id}/{folderId}/documents",
    operation_id = "Documents_listFolderDocuments", tag = "Documents", params(TenantParameter, FolderParameters),
    responses((status = 200, description = "Documents in the folder.", body = Vec<DocumentBody>), Problems))]
pub(crate) async fn list_folder_documents(
    State(app): State<App>,
    reader: Reader,
    path: FolderPath,
) -> Result<Response, ApiError> {
    let folder = path.load(&app.store, reader.scope()).await?.key;
    stream::answer(Caching::Allowed, move |after: Option<Cursor>| {
        let (app, scope) = (app.clone(), *reader.scope());
        async move {
            let chunk =
                documents::list_of_folder(&app.store, &scope, folder, after.as_ref(), PIECE)
                    .await?;
            let mut items = JsonText::with_capacity(chunk.rows.len() * 1024);
            items.items(&chunk.rows, write_document);
            Ok(Piece { items, next: chunk.next })
        }
    })
    .await
}
