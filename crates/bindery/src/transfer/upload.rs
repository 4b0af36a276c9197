//! PUT to an upload URL: the whole file at once, or in blocks as Azure's clients do.

use axum::extract::{Request, State};
use axum::response::Response;
use bindery_blobs::Stored;
use bindery_domain::{FieldErrors, Timestamp};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};

use super::conditional::Validators;
use super::incoming::Incoming;
use super::target::Target;
use super::{Transfer, put_blob, put_block, put_block_list};
use crate::api::ApiError;
use crate::links;

/// Says that the body is not the file but a framing of it with checksums, which would be stored as the file.
const STRUCTURED: &str = "x-ms-structured-body";

/// Takes the bytes of an upload.
///
/// The URL is the permission. 201 once they are durable; 403 for an expired or altered URL, 409 when the bytes have
/// come already or another PUT is running, 413 over the limit, 507 when there is too little free space, 400 for another
/// MD5 than announced. `comp=block` takes one block, `comp=blocklist` puts blocks together. What else Azure's clients
/// send in headers (`x-ms-*`, `If-None-Match`) changes nothing: the upload is new, and takes bytes once. Only
/// `x-ms-structured-body`, which says that the body is no plain file, is refused (400).
///
/// # Errors
/// As above.
pub async fn put_upload(
    State(transfer): State<Transfer>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let mut incoming = Incoming::new(&parts, body);
    let answer = answer(&transfer, &parts, &mut incoming).await;
    if answer.is_err() {
        incoming.discard();
    }
    answer
}

async fn answer(
    transfer: &Transfer,
    parts: &Parts,
    incoming: &mut Incoming,
) -> Result<Response, ApiError> {
    let target = Target::of(transfer, parts).await?;
    if parts.headers.contains_key(STRUCTURED) {
        return Err(FieldErrors::one(STRUCTURED, "the bytes must come as they are").into());
    }
    let query = parts.uri.query().unwrap_or_default();
    match links::parameter(query, "comp").as_deref() {
        None => put_blob::put(transfer, &target, parts, incoming).await,
        Some("block") => put_block::put(transfer, &target, parts, incoming).await,
        Some("blocklist") => put_block_list::put(transfer, &target, parts, incoming).await,
        Some(_) => Err(FieldErrors::one("comp", "only block and blocklist are known").into()),
    }
}

/// The answer to complete bytes.
pub(super) fn created(stored: &Stored, at: Timestamp) -> Response {
    let validators = Validators::new(&stored.sha256, at);
    let mut response = empty(StatusCode::CREATED);
    for (name, value) in [
        (header::ETAG, validators.etag.clone()),
        (header::LAST_MODIFIED, validators.last_modified()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
