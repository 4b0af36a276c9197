//! `GET /api/documents/{documentId}/versions/{versionId}/preview`

mod body;

use axum::extract::State;
use axum::response::Response;
use bindery_domain::Scope;
use bindery_store::previews::{self, PreviewRow, PreviewState};
use bindery_store::versions::VersionRow;

pub(crate) use body::PreviewBody;

use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{DocumentParameters, TenantParameter, VersionParameters};
use crate::api::paths::VersionPath;
use crate::app::App;
use crate::middleware::current;
use crate::previews::{Part, ask};

/// Get document version preview
///
/// What there is to look at of a version: its pages, each with a URL of its picture and, for sheets larger than A3, of
/// its tiles. Any role. An extension of the public API.
///
/// Asking moves the version forward while its preview is `pending`, and has the first page made ready. Pictures of
/// pages and tiles are made when their URL is fetched for the first time: that answer may take some seconds, or be 503
/// with `Retry-After`. URLs are fetched without the `Authorization` header and live for up to an hour; what they show
/// never changes.
#[utoipa::path(get, path = "/documents/{documentId}/versions/{versionId}/preview",
    operation_id = "Documents_getVersionPreview", tag = "Documents",
    params(TenantParameter, DocumentParameters, VersionParameters),
    responses((status = 200, description = "What there is to look at.", body = PreviewBody), Problems))]
pub(crate) async fn get_version_preview(
    State(app): State<App>,
    reader: Reader,
    path: VersionPath,
) -> Result<Response, ApiError> {
    let scope = reader.scope();
    let version = path.load(&app.store, scope).await?;
    let preview = previews::find(&app.store, scope, version.blob.key).await?;
    ask_for_more(&app, scope, &version, preview.as_ref()).await?;
    tracing::info!(
        event = "preview_link", client = %reader.client_id(), version.id = %version.id,
        address = current::client_address().map(tracing::field::display),
        "links to the preview of version {}", version.id
    );
    let mut text = JsonText::default();
    body::write(&mut text, &app, &reader, &version, preview.as_ref())?;
    Ok(text.into_secret_answer())
}

/// Somebody looks at this version: what is missing goes first, and the first page is likely to be next.
async fn ask_for_more(
    app: &App,
    scope: &Scope,
    version: &VersionRow,
    preview: Option<&PreviewRow>,
) -> Result<(), ApiError> {
    let part = match preview.map(|preview| (preview.state, preview.page_count)) {
        None | Some((PreviewState::Pending, _)) => Part::Overview,
        Some((PreviewState::Ready, 1..)) => {
            let first = Part::Page(1);
            let made = previews::find_part(&app.store, scope, version.blob.key, "page/1").await?;
            if made.is_some() {
                return Ok(());
            }
            first
        }
        Some(_) => return Ok(()),
    };
    let of = (version.blob.key, part);
    ask(&app.store, &app.bell, scope, of, app.clock.now()).await?;
    Ok(())
}
