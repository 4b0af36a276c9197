//! GET and HEAD of a download URL.

use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bindery_blobs::{BlobError, BlobKey};
use bindery_domain::{Kind, Refusal, Scope};
use bindery_store::organizations;
use bindery_store::versions::{self, VersionRow};
use bytes::Bytes;
use futures_util::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::conditional::{Outcome, Validators};
use super::disposition::content_disposition;
use super::media_type::media_type;
use super::range::{Selection, select};
use super::{Transfer, upload};
use crate::api::ApiError;
use crate::links::DownloadLink;
use crate::middleware::current;

/// What caches may do with the bytes.
pub(crate) const CACHE_CONTROL: &str = "private, no-transform";

/// Sends the bytes of a version, or a part of them.
///
/// The URL is the permission: 403 when it is expired or altered. Ranges and conditions as in RFC 9110; several ranges,
/// or one that is not understood, are answered with the whole. `x-ms-range` counts as `Range` and goes before it.
///
/// # Errors
/// As above; 404 when the version is gone, 412 when a condition fails, 416 for a range beyond the end.
pub async fn get_download(
    State(transfer): State<Transfer>,
    request: Request,
) -> Result<Response, ApiError> {
    let (uri, headers) = (request.uri(), request.headers());
    let now = transfer.clock.now();
    let link = transfer.links.check_download(uri.path(), uri.query().unwrap_or_default(), now)?;
    transfer.take_link(&link.client)?;
    let version = find(&transfer, &link).await?;
    let size = u64::try_from(version.blob.size).map_err(anyhow::Error::from)?;
    let validators = Validators::new(&version.blob.sha256, version.created);
    match validators.evaluate(headers) {
        Outcome::Failed => return Err(ApiError::PreconditionFailed),
        Outcome::NotModified => {
            return Ok(described(StatusCode::NOT_MODIFIED, &version, &validators));
        }
        Outcome::Proceed => {}
    }
    // Ranges are defined for GET alone (section 14.2).
    let is_head = request.method() == Method::HEAD;
    let selection = if is_head { Selection::Whole } else { wanted(headers, &validators, size) };
    let (status, part) = match selection {
        Selection::Whole => (StatusCode::OK, 0..size),
        Selection::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Selection::Beyond => return Err(ApiError::OutOfRange { size_bytes: size }),
    };
    let mut response = described(status, &version, &validators);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let value = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        insert(response.headers_mut(), header::CONTENT_RANGE, value);
    }
    if !is_head {
        *response.body_mut() = body(&transfer, &link, &version, part).await?;
    }
    Ok(response)
}

async fn find(transfer: &Transfer, link: &DownloadLink) -> Result<VersionRow, ApiError> {
    let gone = Refusal::NotFound(Kind::File);
    let organization = organizations::find(&transfer.store, link.organization).await?;
    let organization = organization.filter(|row| row.disabled_at.is_none()).ok_or(gone.clone())?;
    let version =
        versions::find_by_id(&transfer.store, &Scope::own(organization.key), link.version).await?;
    Ok(version.ok_or(gone)?)
}

fn wanted(headers: &HeaderMap, validators: &Validators, size: u64) -> Selection {
    let range = headers.get("x-ms-range").or_else(|| headers.get(header::RANGE));
    match range.and_then(|value| value.to_str().ok()) {
        Some(range) if validators.allow_range(headers) => select(range, size),
        _ => Selection::Whole,
    }
}

/// The headers that every good answer has. Whatever the file is, a browser must not run it in the site's origin.
fn described(status: StatusCode, version: &VersionRow, validators: &Validators) -> Response {
    let mut response = upload::empty(status);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&version.file_name)));
    headers.insert(header::CONTENT_DISPOSITION, content_disposition(&version.file_name));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    insert(headers, header::ETAG, validators.etag.clone());
    insert(headers, header::LAST_MODIFIED, validators.last_modified());
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

async fn body(
    transfer: &Transfer,
    link: &DownloadLink,
    version: &VersionRow,
    part: Range<u64>,
) -> Result<Body, ApiError> {
    let key = BlobKey { organization: link.organization, blob: version.blob.id };
    let reader = transfer.blobs.open_read(key).await?;
    let pieces = Box::pin(reader.stream(part.clone()));
    Ok(Body::from_stream(Sent { pieces, line: LogLine::new(link, part.end - part.start) }))
}

/// The bytes on their way out, counted.
struct Sent<S> {
    pieces: Pin<Box<S>>,
    line: LogLine,
}

impl<S: Stream<Item = Result<Bytes, BlobError>>> Stream for Sent<S> {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.pieces.as_mut().poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(bytes))) => self.line.sent += bytes.len() as u64,
            Poll::Ready(Some(Err(error))) => {
                tracing::error!(%error, "the download of version {} was broken off", self.line.link.version);
            }
            _ => {}
        }
        next
    }
}

/// The log line of a download, written when it ends, however it ends.
struct LogLine {
    link: DownloadLink,
    address: Option<std::net::IpAddr>,
    trace: Option<crate::middleware::trace_id::TraceId>,
    wanted: u64,
    sent: u64,
}

impl LogLine {
    fn new(link: &DownloadLink, wanted: u64) -> Self {
        // The body outlives the task's knowledge of its request.
        let (address, trace) = (current::client_address(), current::trace_id());
        Self { link: link.clone(), address, trace, wanted, sent: 0 }
    }
}

impl Drop for LogLine {
    fn drop(&mut self) {
        metrics::counter!("bindery_downloads_total").increment(1);
        metrics::counter!("bindery_download_bytes_total").increment(self.sent);
        tracing::info!(
            event = "download",
            organization = %self.link.organization,
            client = %self.link.client,
            version.id = %self.link.version,
            address = self.address.map(tracing::field::display),
            bytes = self.sent,
            complete = self.sent == self.wanted,
            traceId = self.trace.map(tracing::field::display),
            "version {} was downloaded", self.link.version,
        );
    }
}
