//! Reading JSON bodies: names in any case, unknown fields ignored, `null` as absent, errors by field.

mod any_case;
mod fault;

use std::marker::PhantomData;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use bindery_domain::{FieldErrors, Refusal};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::ApiError;
use fault::Fault;

/// The largest JSON body that is taken.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// How long a caller may take to send one.
const TIME_TO_SEND: Duration = Duration::from_secs(30);
/// Deeper nesting is refused: no call has more than four levels.
const DEEPEST: usize = 64;

/// The JSON body of a request, read but not yet judged.
///
/// A body is judged after what the path names is known to exist, so the extractor itself never refuses:
/// [`Body::required`] and [`Body::optional`] do, in the handler, after the path has been loaded.
#[derive(Debug)]
pub struct Body<T> {
    bytes: Result<Bytes, ApiError>,
    shape: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Body<T> {
    /// The body.
    ///
    /// # Errors
    /// 400 naming the field, 413 or 415; 400 naming `$` when there is no body.
    pub fn required(self) -> Result<T, ApiError> {
        self.optional()?.ok_or_else(|| FieldErrors::one("$", "a JSON body is required").into())
    }

    /// The body; `None` when there is none.
    ///
    /// # Errors
    /// 400 naming the field, 413 or 415.
    pub fn optional(self) -> Result<Option<T>, ApiError> {
        Ok(read(&self.bytes?)?)
    }
}

impl<T> Body<T> {
    /// The bytes as they were sent; empty when they could not be read.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.as_ref().map(Bytes::clone).unwrap_or_default()
    }
}

impl<T: Send, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let read = collect(&parts.headers, body).await;
        Ok(Self { bytes: read, shape: PhantomData })
    }
}

async fn collect(headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, ApiError> {
    let is_announced_too_large = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .is_some_and(|length| length > MAX_BODY_BYTES as u64);
    let too_large = || ApiError::Refused(Refusal::TooLarge { limit: MAX_BODY_BYTES as u64 });
    if is_announced_too_large {
        return Err(too_large());
    }
    let collected =
        tokio::time::timeout(TIME_TO_SEND, Limited::new(body, MAX_BODY_BYTES).collect()).await;
    let bytes = match collected {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large()),
        Ok(Err(_)) => return Err(FieldErrors::one("$", "the body ended early").into()),
        Err(_) => return Err(FieldErrors::one("$", "the body took too long to arrive").into()),
    };
    if bytes.is_empty() {
        Ok(bytes)
    } else if is_coded(headers) {
        Err(ApiError::WrongContentCoding)
    } else if is_json(headers) {
        Ok(bytes)
    } else {
        Err(ApiError::WrongContentType)
    }
}

/// Whether the body is compressed (RFC 9110, section 8.4). We unpack nothing that a caller has packed.
fn is_coded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING);
    codings.iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// `application/json` and `application/*+json`, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix("application/") else { return false };
    subtype == "json" || subtype.strip_suffix("+json").is_some_and(|kind| !kind.is_empty())
}

/// Reads a JSON text; `None` when there is nothing or `null`.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<T>, FieldErrors> {
    let invalid = |message: &str| FieldErrors::one("$", message);
    let text = std::str::from_utf8(bytes).map_err(|_| invalid("the body is not UTF-8"))?;
    // A byte order mark is no part of the text (RFC 8259, section 8.1, lets us ignore it).
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Ok(None);
    }
    if is_deeper_than(text.as_bytes(), DEEPEST) {
        return Err(invalid("the body is nested too deeply"));
    }
    let raw: &serde_json::value::RawValue = serde_json::from_str(text)
        .map_err(|error| invalid(&format!("the body is no JSON: {error}")))?;
    if raw.get() == "null" {
        return Ok(None);
    }
    let read = T::deserialize(any_case::Input::new(raw.get()));
    read.map(Some).map_err(Fault::into_field_errors)
}

fn is_deeper_than(json: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
