//! `GET /api/documents/drives/{domain}/{id}/{folderId}`

use axum::extract::State;
use axum::response::Response;
use bindery_store::folders::{self, Cursor};

use super::body::{FolderBody, piece};
use crate::access::Reader;
use crate::api::ApiError;
use crate::api::openapi::Problems;
use crate::api::parameters::{FolderParameters, TenantParameter};
use crate::api::paths::FolderPath;
use crate::api::stream::{self, Caching, PIECE};
use crate::app::App;

/// List folders in folder
///
/// The folders right in a tab or folder, in their set order. Any role.
#[utoipa::path(get, path = "/documents/drives/{domain}/{id}/{folderId}", operation_id = "Documents_listFolderFolders", tag = "Documents",
    params(TenantParameter, FolderParameters),
    responses((status = 200, description = "Sub-folders of the folder.", body = Vec<FolderBody>), Problems))]
pub(crate) async fn list_folder_folders(
    State(app): State<App>,
    reader: Reader,
    path: FolderPath,
) -> Result<Response, ApiError> {
    let folder = path.load(&app.store, reader.scope()).await?;
    stream::answer(Caching::Allowed, move |after: Option<Cursor>| {
        let (app, scope, folder) = (app.clone(), *reader.scope(), folder.clone());
        async move { Ok(piece(folders::children(&app.store, &scope, &folder, after, PIECE).await?)) }
    })
    .await
}
