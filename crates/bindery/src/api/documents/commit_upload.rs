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
use crate::api::presigned;
use crate::api::{ApiError, Body};
use crate::app::App;

const KEY: &str = "idempotency-key";
/// Longer keys are refused.
const MAX_KEY_CHARS: usize = 255;
/// More than a binder has elements: with so many entries one is unknown or named twice, so none needs to be looked at.
const MOST_ENTRIES: usize = 256;

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
    if let Some(upload) = input.upload_id {
        presigned::take(&app, &creator, upload).await?;
    }
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
        let mut given = self.additional_metadata.unwrap_or_default();
        if given.len() > MOST_ENTRIES {
            errors.add("additionalMetadata", format!("has at most {MOST_ENTRIES} entries"));
            given.clear();
        }
        for (n, entry) in given.iter().enumerate() {
            let mut needed = |name: &str, message: &str| {
                errors.add(format!("additionalMetadata[{n}].{name}"), message);
            };
            if entry.metadata_element_id.is_none() {
                needed("metadataElementId", "the id of an element is needed");
            }
            // Not taken for a wish to clear: who writes `valueId` here would lose the value that was set.
            if entry.value.is_none() {
                needed("value", "a value is needed; an empty one clears the element");
            }
        }
        let metadata = given
            .into_iter()
            .map(|entry| GivenValue {
                element: entry.metadata_element_id.unwrap_or_default(),
                value: entry.value.unwrap_or_default(),
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
    let mut lines = headers.get_all(KEY).iter();
    let Some(value) = lines.next() else { return Ok(None) };
    let key =
        value.to_str().ok().map(str::trim).filter(|key| (1..=MAX_KEY_CHARS).contains(&key.len()));
    let (Some(key), None) = (key, lines.next()) else {
        let message = "must be one key of 1 to 255 visible ASCII characters";
        return Err(FieldErrors::one("Idempotency-Key", message).into());
    };
    let path = uri.path().trim_end_matches('/').to_ascii_lowercase();
    let request =
        RequestDigest::new().part(method.as_str().as_bytes()).part(path.as_bytes()).part(body);
    Ok(Some(IdempotencyKey { key: key.to_owned(), request: request.finish() }))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn key(lines: &[&'static str]) -> Option<Option<String>> {
        let lines = lines.iter().map(|line| (http::HeaderName::from_static(KEY), *line));
        let headers = lines.map(|(name, line)| (name, HeaderValue::from_static(line))).collect();
        let uri = Uri::from_static("/api/documents/drives/binders/b/f/upload");
        let key = idempotency_key(&headers, &Method::POST, &uri, &Bytes::new()).ok()?;
        Some(key.map(|key| key.key))
    }

    #[test]
    fn a_request_has_one_idempotency_key_or_none() {
        assert_eq!(key(&[]), Some(None));
        assert_eq!(key(&[" order-1 "]), Some(Some("order-1".into())));
        assert_eq!(key(&[""]), None);
        assert_eq!(key(&["a", "b"]), None);
    }
}
