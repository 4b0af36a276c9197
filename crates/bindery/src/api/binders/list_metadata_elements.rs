//! `GET /api/binders/{id}/metadataelements`

use axum::extract::State;
use axum::response::Response;
use bindery_domain::{AllowedValue, Element};
use http::HeaderMap;
use utoipa::ToSchema;

use crate::access::Reader;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{BinderParameters, TenantParameter};
use crate::api::paths::BinderPath;
use crate::app::App;

/// A metadata element of a binder.
#[derive(ToSchema)]
#[schema(as = MetadataElement)]
#[expect(dead_code, reason = "describes what write_element writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct ElementBody {
    /// `GLOBAL_*` of the platform, or the binder's own.
    #[schema(example = "GLOBAL_Status")]
    id: String,
    /// What people see.
    #[schema(example = "Status")]
    label: String,
    /// `string`, `text`, `number`, `date`, `boolean` or `enum`.
    #[schema(example = "enum")]
    data_type: String,
    /// The values of an `enum`, in their set order; empty otherwise.
    allowed_values: Vec<AllowedValueBody>,
    /// Whether new versions must have a value.
    required: bool,
}

/// A value that an enumerated element allows.
#[derive(ToSchema)]
#[schema(as = AllowedValue)]
#[expect(dead_code, reason = "describes what write_value writes")]
pub(crate) struct AllowedValueBody {
    /// Stays when the label changes.
    #[schema(example = "active")]
    id: String,
    /// What people see.
    #[schema(example = "Active")]
    label: String,
}

/// Get metadata definitions for binder
///
/// The platform's elements first, then the binder's own. Any role. Answers 304 to an `If-None-Match` that names its `ETag`.
#[utoipa::path(get, path = "/binders/{id}/metadataelements", operation_id = "Binders_listMetadataElements", tag = "Binders",
    params(TenantParameter, BinderParameters),
    responses((status = 200, description = "The metadata elements configured on the binder, GLOBAL_* ones included.",
        body = Vec<ElementBody>), (status = 304, description = "Not changed."), Problems))]
pub(crate) async fn list_metadata_elements(
    State(app): State<App>,
    reader: Reader,
    path: BinderPath,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let binder = path.load(&app.store, reader.scope()).await?;
    let schema =
        app.schemas.load(&app.store, reader.scope(), binder.key, binder.schema_change).await?;
    let mut text = JsonText::default();
    text.items(&schema.elements, write_element);
    Ok(text.into_array().into_tagged_answer(&headers))
}

fn write_element(text: &mut JsonText, element: &Element) {
    text.raw("{\"id\":").plain(&element.id).raw(",\"label\":").string(&element.label);
    text.raw(",\"dataType\":").plain(element.data_type).raw(",\"allowedValues\":[");
    text.items(&element.allowed, write_value);
    text.raw("],\"required\":").raw(if element.required { "true}" } else { "false}" });
}

fn write_value(text: &mut JsonText, value: &AllowedValue) {
    text.raw("{\"id\":").plain(&value.id).raw(",\"label\":").string(&value.label).raw("}");
}
