//! How documents and versions look in answers.

use std::fmt::Display;

use bindery_domain::{Metadata, Schema};
use bindery_store::documents::DocumentRow;
use bindery_store::versions::VersionRow;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::json::JsonText;

/// A document: a logical file with a name and a place.
#[derive(ToSchema)]
#[schema(as = Document)]
#[expect(dead_code, reason = "describes what write_document writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentBody {
    /// GUID.
    #[schema(example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")]
    id: String,
    /// Its name, in the spelling of the newest version.
    #[schema(example = "A-40.1-1100 Hus 1, plan 1, planritning.pdf")]
    file_name: String,
    /// The tab or folder that it is directly in.
    folder_id: String,
    /// Its binder.
    #[schema(example = "Kv4rnen_1")]
    binder_id: String,
    /// The latest version's metadata, the computed elements first.
    metadata: Vec<MetadataValueBody>,
    /// The version committed last.
    latest_version_id: String,
}

/// The value of a metadata element.
#[derive(ToSchema)]
#[schema(as = MetadataValue)]
#[expect(dead_code, reason = "describes what write_metadata writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetadataValueBody {
    /// The element.
    #[schema(example = "GLOBAL_Status")]
    metadata_element_id: String,
    /// The allowed value's id of an enumerated element, else the value as text.
    #[schema(example = "active")]
    value_id: String,
}

/// A version of a document: the bytes, their label, status and metadata.
#[derive(ToSchema)]
#[schema(as = DocumentVersion)]
#[expect(dead_code, reason = "describes what write_version writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct VersionBody {
    /// GUID.
    id: String,
    /// GUID of its document.
    document_id: String,
    /// The label that people see.
    #[schema(example = "3")]
    version: String,
    /// Label of its `GLOBAL_Status`, else `Active`.
    #[schema(example = "Active")]
    status: String,
    /// When it was last changed, in UTC.
    #[schema(format = DateTime, example = "2026-01-31T08:15:30.125Z")]
    modified_at: String,
    /// Value of the element `description`.
    #[schema(required)]
    description: Option<String>,
    /// Its metadata, the computed elements first.
    metadata: Vec<MetadataValueBody>,
    /// Where its bytes are for a short while, without the `Authorization` header.
    download_url: String,
    /// Where a small picture of it is for a short while; null until there is one.
    #[schema(required)]
    thumbnail_url: Option<String>,
}

/// Writes a document.
pub(crate) fn write_document(text: &mut JsonText, document: &DocumentRow) {
    text.raw("{\"id\":").plain(document.id);
    text.raw(",\"fileName\":").string(&document.name);
    text.raw(",\"folderId\":").plain(document.folder_id);
    text.raw(",\"binderId\":").plain(&document.binder_id);
    text.raw(",\"metadata\":");
    let computed = Computed {
        binder: &document.binder_id,
        folder: &document.folder_id,
        tab_type: &document.tab_type,
        created_by: &document.created_by,
        label: &document.latest_label,
    };
    write_metadata(text, &computed, &document.metadata);
    text.raw(",\"latestVersionId\":").plain(document.latest_id).raw("}");
}

/// Writes a version with its links: where its bytes are, and its small picture.
///
/// # Errors
/// When the stored metadata cannot be read.
pub(crate) fn write_version(
    text: &mut JsonText,
    version: &VersionRow,
    schema: &Schema,
    (download_url, thumbnail_url): (&str, Option<&str>),
) -> Result<(), ApiError> {
    let metadata = Metadata::from_json(&version.metadata).map_err(anyhow::Error::from)?;
    text.raw("{\"id\":").plain(version.id);
    text.raw(",\"documentId\":").plain(version.document_id);
    text.raw(",\"version\":").string(&version.label);
    text.raw(",\"status\":").string(&schema.status(&metadata));
    text.raw(",\"modifiedAt\":").plain(version.modified);
    text.raw(",\"description\":").optional(schema.description(&metadata).as_deref());
    text.raw(",\"metadata\":");
    let computed = Computed {
        binder: &version.binder_id,
        folder: &version.folder_id,
        tab_type: &version.tab_type,
        created_by: &version.document_created_by,
        label: &version.label,
    };
    write_metadata(text, &computed, &version.metadata);
    text.raw(",\"downloadUrl\":").string(download_url);
    text.raw(",\"thumbnailUrl\":").optional(thumbnail_url).raw("}");
    Ok(())
}

/// The elements that are not stored but added while the answer is written.
struct Computed<'a, B, F> {
    binder: &'a B,
    folder: &'a F,
    tab_type: &'a str,
    created_by: &'a str,
    label: &'a str,
}

/// Writes the computed elements, then the stored array as it is.
fn write_metadata(
    text: &mut JsonText,
    computed: &Computed<'_, impl Display, impl Display>,
    stored: &str,
) {
    text.raw("[{\"metadataElementId\":\"GLOBAL_BinderId\",\"valueId\":").plain(computed.binder);
    text.raw("},{\"metadataElementId\":\"GLOBAL_TabId\",\"valueId\":").plain(computed.folder);
    text.raw("},{\"metadataElementId\":\"GLOBAL_TabType\",\"valueId\":").string(computed.tab_type);
    text.raw("},{\"metadataElementId\":\"GLOBAL_CreatedBy\",\"valueId\":")
        .string(computed.created_by);
    text.raw("},{\"metadataElementId\":\"GLOBAL_Version\",\"valueId\":").string(computed.label);
    match stored.strip_prefix('[') {
        Some("]") | None => text.raw("}]"),
        Some(rest) => text.raw("},").raw(rest),
    };
}
