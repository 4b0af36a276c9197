//! `GET /api/binders`

use axum::extract::State;
use axum::response::Response;
use bindery_store::binders::{self, BinderRow, Cursor};
use utoipa::ToSchema;

use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::TenantParameter;
use crate::api::stream::{self, Caching, PIECE, Piece};
use crate::app::App;

/// A binder (*pärm*).
#[derive(ToSchema)]
#[schema(as = Binder)]
#[expect(dead_code, reason = "describes what write_binder writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct BinderBody {
    /// 9-character NanoId.
    #[schema(example = "Kv4rnen_1")]
    id: String,
    /// What people call it.
    #[schema(example = "Kvarnen 1")]
    name: String,
    /// What it is for.
    #[schema(example = "project")]
    r#type: String,
    /// When it was made, in UTC.
    #[schema(format = DateTime, example = "2026-01-31T08:15:30.125Z")]
    created_at: String,
}

/// List binders
///
/// Every binder that the calling client may see, by name in Swedish order. Any role.
#[utoipa::path(get, path = "/binders", operation_id = "Binders_listBinders", tag = "Binders", params(TenantParameter),
    responses((status = 200, description = "Every binder that the calling client may see.", body = Vec<BinderBody>), Problems))]
pub(crate) async fn list_binders(
    State(app): State<App>,
    reader: Reader,
) -> Result<Response, ApiError> {
    stream::answer(Caching::Allowed, move |after: Option<Cursor>| {
        let (app, scope) = (app.clone(), *reader.scope());
        async move {
            let chunk = binders::list(&app.store, &scope, after.as_ref(), PIECE).await?;
            let mut items = JsonText::default();
            items.items(&chunk.rows, write_binder);
            Ok(Piece { items, next: chunk.next })
        }
    })
    .await
}

fn write_binder(text: &mut JsonText, binder: &BinderRow) {
    text.raw("{\"id\":").plain(&binder.id).raw(",\"name\":").string(&binder.name);
    text.raw(",\"type\":")
        .string(&binder.binder_type)
        .raw(",\"createdAt\":")
        .plain(binder.created)
        .raw("}");
}
