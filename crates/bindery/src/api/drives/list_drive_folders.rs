//! `GET /api/documents/drives/{domain}/{id}`

use axum::extract::State;
use axum::response::Response;
use bindery_store::folders::{self, Cursor};

use super::body::{FolderBody, piece};
use crate::access::Reader;
use crate::api::ApiError;
use crate::api::openapi::Problems;
use crate::api::parameters::{DriveParameters, TenantParameter};
use crate::api::paths::DrivePath;
use crate::api::stream::{self, Caching, PIECE};
use crate::app::App;

/// List folders in drive
///
/// The tabs of a binder, in their set order. Any role.
#[utoipa::path(get, path = "/documents/drives/{domain}/{id}", operation_id = "Documents_listDriveFolders", tag = "Documents",
    params(TenantParameter, DriveParameters),
    responses((status = 200, description = "Top-level folders (tabs).", body = Vec<FolderBody>), Problems))]
pub(crate) async fn list_drive_folders(
    State(app): State<App>,
    reader: Reader,
    path: DrivePath,
) -> Result<Response, ApiError> {
    let binder = path.load(&app.store, reader.scope()).await?.key;
    stream::answer(Caching::Allowed, move |after: Option<Cursor>| {
        let (app, scope) = (app.clone(), *reader.scope());
        async move { Ok(piece(folders::tabs(&app.store, &scope, binder, after, PIECE).await?)) }
    })
    .await
}
