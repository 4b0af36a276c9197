//! What the calls that answer versions share: the schema that names status and description, and the links.

use bindery_domain::Scope;
use bindery_store::Query;
use bindery_store::versions::VersionRow;

use super::body::write_version;
use crate::access::Caller;
use crate::api::ApiError;
use crate::api::json::JsonText;
use crate::api::presigned;
use crate::app::App;

/// Writes a version with links made for this answer.
///
/// # Errors
/// When the schema cannot be read.
pub(super) async fn append_version(
    text: &mut JsonText,
    app: &App,
    db: &impl Query,
    caller: &Caller,
    version: &VersionRow,
) -> Result<(), ApiError> {
    let scope: &Scope = caller.scope();
    let schema = app.schemas.load(db, scope, version.binder_key, version.schema_change).await?;
    let link = presigned::download(app, caller, version).await?;
    let thumbnail = presigned::thumbnail(app, caller, version);
    write_version(text, version, &schema, (&link.url, thumbnail.as_deref()))
}
