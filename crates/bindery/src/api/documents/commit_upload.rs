//! `POST /api/documents/drives/{domain}/{id}/{folderId}/upload`

use axum::extract::State;
use axum::response::Response;
use bindery_domain::{FieldErrors, GivenValue};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::VersionBody;
use super::versions::append_version;
use crate::access::Creator;
use crate::actions::{self, CommitUpload, IdempotencyKey, RequestDigest};
use crate::api::json::JsonText;
use crate::api::openapi::Problems;
use crate::api::parameters::{FolderParameters, TenantParameter};
use crate::api::paths::FolderPath;
use crate::api::{ApiError, Body};
use crate::app::App;

const KEY: &str = "idempotency-key";
/// Longer keys are refused.
const MAX_KEY_CHARS: usize = 255;

/// What to make of an upload.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CommitUploadRequest)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitUploadBody {
    /// A name, not a path: 1 to 255 characters.
    #[schema(required, nullable = false, example = "A-40.1-1100 Hus 1, plan 1, planritning.pdf")]
    file_name: Option<String>,
    /// The label; absent or empty: the next number.
    #[schema(nullable = false, example = "A")]
    version: Option<String>,
    /// From the presigned-upload call.
    #[schema(required, nullable = false, example = "0d1c1f0e-3f0e-4b52-9a1f-5a3c7c3f0b11")]
    upload_id: Option<String>,
    /// The metadata to set; the rest is inherited from the version before.
    #[schema(nullable = false)]
    additional_metadata: Option<Vec<GivenValueBody>>,
}

/// A metadata element and the value to set.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AdditionalMetadata)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GivenValueBody {
    /// The element.
    #[schema(required, nullable = false, example = "GLOBAL_Status")]
    metadata_element_id: Option<String>,
    /// An allowed value's id or label, else the value as text; empty clears the element.
    #[schema(required, nullable = false, example = "active")]
    value: Option<String>,
}

/// Commit uploaded file as document version
///
/// Needs the Creator role. Makes a document, or a new version of the one with this name. The same commit again answers
/// the same version; another body or folder for the same upload is 409. With `Idempotency-Key` the key decides first.
#[utoipa::path(post, path = "/documents/drives/{domain}/{id}/{folderId}/upload", operation_id = "Documents_commitUpload",
    tag = "Documents", params(TenantParameter, FolderParameters,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to send again for 24 hours.")),
    request_body = CommitUploadBody,
    responses((status = 200, description = "The version that the commit made.", body = VersionBody), Problems))]
pub(crate) async fn commit_upload(
    State(app): State<App>,
    creator: Creator,
    path: FolderPath,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body<CommitUploadBody>,
) -> Result<Response, ApiError> {
    let folder = path.load(&app.store, creator.scope()).await?;
    let bytes = body.bytes();
    let input = body.required()?.check()?;
    let key = idempotency_key(&headers, &method, &uri, &bytes)?;
    let version =
        actions::commit_upload(&app, creator.scope(), creator.client_id(), &folder, input, key)
            .await?;
    let mut text = JsonText::default();
    append_version(&mut text, &app, &app.store, &creator, &version).await?;
    Ok(text.into_secret_answer())
}

impl CommitUploadBody {
    pub(crate) fn check(self) -> Result<CommitUpload, ApiError> {
        let mut errors = FieldErrors::default();
        let given = self.additional_metadata.unwrap_or_default();
        for (n, entry) in given.iter().enumerate() {
            if entry.metadata_element_id.is_none() {
                errors.add(
                    format!("additionalMetadata[{n}].metadataElementId"),
                    "the id of an element is needed",
                );
            }
        }
        let metadata = given
            .into_iter()
            .map(|entry| GivenValue {
                element: entry.metadata_element_id.unwrap_or_default(),
                value: entry.value,
            })
            .collect();
        match CommitUpload::new(self.file_name, self.version, self.upload_id, metadata) {
            Ok(input) => {
                errors.into_result()?;
                Ok(input)
            }
            Err(bindery_domain::Refusal::Invalid(mut more)) => {
                more.0.extend(errors.0);
                Err(more.into())
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// The key of the request, with the digest that tells whether it is the same request.
fn idempotency_key(
    headers: &HeaderMap,
    method: &Method,
    uri: &Uri,
    body: &Bytes,
) -> Result<Option<IdempotencyKey>, ApiError> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let key =
        value.to_str().ok().map(str::trim).filter(|key| (1..=MAX_KEY_CHARS).contains(&key.len()));
    let Some(key) = key else {
        return Err(FieldErrors::one(
            "Idempotency-Key",
            "must be 1 to 255 visible ASCII characters",
        )
        .into());
    };
    let path = uri.path().trim_end_matches('/').to_ascii_lowercase();
    let request =
        RequestDigest::new().part(method.as_str().as_bytes()).part(path.as_bytes()).part(body);
    Ok(Some(IdempotencyKey { key: key.to_owned(), request: request.finish() }))
}
