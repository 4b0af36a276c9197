//! Answers in JSON that are put together from ready pieces.
//!
//! Metadata stands in the database as the JSON of answers; it is spliced in as it is. What surrounds it is written here.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::etag::{self, ETag};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A JSON text in the making.
#[derive(Debug, Default)]
pub(crate) struct JsonText(Vec<u8>);

impl JsonText {
    /// An empty text with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Appends JSON as it is.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// Appends a string, quoted and escaped.
    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        serde_json::to_writer(&mut self.0, text).expect("a string is JSON, and memory takes it");
        self
    }

    /// Appends what needs no escapes, as ids and times, in quotes.
    pub(crate) fn plain(&mut self, value: impl std::fmt::Display) -> &mut Self {
        use std::io::Write;
        write!(self.0, "\"{value}\"").expect("memory takes it");
        self
    }

    /// Appends a number.
    pub(crate) fn number(&mut self, value: i64) -> &mut Self {
        use std::io::Write;
        write!(self.0, "{value}").expect("memory takes it");
        self
    }

    /// Appends a number with at most two decimals.
    pub(crate) fn hundredths(&mut self, value: f64) -> &mut Self {
        use std::io::Write;
        write!(self.0, "{}", (value * 100.0).round() / 100.0).expect("memory takes it");
        self
    }

    /// Appends a string, or `null`.
    pub(crate) fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    /// Appends the items with commas between them.
    pub(crate) fn items<T>(
        &mut self,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T),
    ) -> &mut Self {
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.raw(",");
            }
            write(self, item);
        }
        self
    }

    /// The same text between brackets: an array of the items written so far.
    pub(crate) fn into_array(mut self) -> Self {
        self.0.insert(0, b'[');
        self.0.push(b']');
        self
    }

    /// The text.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// An answer that caches may keep.
    pub(crate) fn into_answer(self) -> Response {
        answer(self.0, None)
    }

    /// An answer that holds presigned URLs: no cache may keep it, and it has no `ETag`.
    pub(crate) fn into_secret_answer(self) -> Response {
        answer(self.0, Some((CACHE_CONTROL, NO_STORE)))
    }

    /// An answer with a strong `ETag` of its bytes, or 304 when the caller has these already.
    pub(crate) fn into_tagged_answer(self, request: &HeaderMap) -> Response {
        let tag = ETag::of(&self.0);
        let header = (http::header::ETAG, tag.header());
        if etag::matches_none(request, &tag) {
            return (StatusCode::NOT_MODIFIED, [header]).into_response();
        }
        answer(self.0, Some(header))
    }
}

fn answer(bytes: Vec<u8>, header: Option<(HeaderName, HeaderValue)>) -> Response {
    let length = HeaderValue::from(bytes.len());
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CONTENT_LENGTH, length);
    if let Some((name, value)) = header {
        headers.insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_and_pieces_are_not() {
        let mut text = JsonText::default();
        text.raw("[")
            .string("a\"\n")
            .raw(",")
            .plain(7)
            .raw(",")
            .optional(None)
            .raw(",")
            .number(-1)
            .raw("]");
        assert_eq!(text.into_bytes(), br#"["a\"\n","7",null,-1]"#);
    }
}
