//! GET and HEAD of a preview URL.

mod find;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::conditional::{Outcome, Validators};
use super::{Transfer, upload};
use crate::api::ApiError;
use find::{Bytes, Found};

/// Browsers keep what never changes for a year, and do not ask again.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Other renderers than the URL names have made it: a later answer gives another URL.
const FOR_NOW: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Sends a picture of a version. One that was never asked for is made first, which may take some seconds.
///
/// The URL is the permission: 403 when it is expired or altered.
///
/// # Errors
/// As above; 404 when the version is gone or has no such picture, 503 with `Retry-After` when it is still being made.
pub async fn get_preview(
    State(transfer): State<Transfer>,
    request: Request,
) -> Result<Response, ApiError> {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let link = transfer.links.check_preview(path, query, transfer.clock.now())?;
    transfer.take_link(&link.client)?;
    let found = find::find(&transfer, &link, query).await?;
    let validators = Validators::new(&found.digest, found.created);
    match validators.evaluate(request.headers()) {
        Outcome::Failed => return Err(ApiError::PreconditionFailed),
        Outcome::NotModified => {
            return Ok(described(StatusCode::NOT_MODIFIED, &found, &validators));
        }
        Outcome::Proceed => {}
    }
    let mut response = described(StatusCode::OK, &found, &validators);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(found.size));
    if request.method() != Method::HEAD {
        *response.body_mut() = match found.bytes {
            Bytes::Stored { reader, offset } => {
                Body::from_stream(reader.stream(offset..offset + found.size))
            }
            Bytes::Given(bytes) => Body::from(bytes),
        };
        metrics::counter!("bindery_preview_downloads_total").increment(1);
    }
    Ok(response)
}

/// The headers of every good answer. The server itself has made the picture, yet it is of a stranger's file.
fn described(status: StatusCode, found: &Found, validators: &Validators) -> Response {
    let mut response = upload::empty(status);
    let headers = response.headers_mut();
    insert(headers, header::CONTENT_TYPE, &found.media_type);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let caching = if found.is_current { FOR_GOOD } else { FOR_NOW };
    headers.insert(header::CACHE_CONTROL, caching);
    insert(headers, header::ETAG, &validators.etag);
    insert(headers, header::LAST_MODIFIED, &validators.last_modified());
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
