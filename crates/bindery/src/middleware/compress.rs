//! Compresses JSON answers for callers that ask for it.
//!
//! Brotli or gzip at their fastest: the answers are made afresh for each call. The compressor is set up only for
//! answers that are compressed, so the others pay for reading one header.

use std::convert::Infallible;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// Smaller answers fit one packet either way.
const SMALLEST_BYTES: u64 = 1024;

/// A content coding of ours (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Brotli,
}

impl Coding {
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// Marks an answer whose body is in this coding already.
    pub(crate) fn mark(self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(self.name()));
        tag(headers, self);
    }
}

/// Which codings the caller takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Takes {
    pub(crate) gzip: bool,
    pub(crate) brotli: bool,
}

impl Takes {
    /// Reads `Accept-Encoding` (RFC 9110, section 12.5.3).
    pub(crate) fn read(accept_encoding: &HeaderValue) -> Self {
        let mut of_any = None;
        let (mut gzip, mut brotli) = (None, None);
        for item in accept_encoding.to_str().unwrap_or_default().split(',') {
            let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
            let takes = weight.is_some_and(|weight| weight > 0.0);
            match coding.trim().to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => gzip = Some(takes),
                "br" => brotli = Some(takes),
                "*" => of_any = Some(takes),
                _ => {}
            }
        }
        let takes = |named: Option<bool>| named.or(of_any).unwrap_or(false);
        Self { gzip: takes(gzip), brotli: takes(brotli) }
    }
}

/// What an answer is compressed with for the caller. Gzip goes before Brotli, which needs megabytes of memory for each
/// answer.
pub(crate) fn accepted(accept_encoding: &HeaderValue) -> Option<Coding> {
    match Takes::read(accept_encoding) {
        Takes { gzip: true, .. } => Some(Coding::Gzip),
        Takes { brotli: true, .. } => Some(Coding::Brotli),
        _ => None,
    }
}

/// Whether an answer is JSON and large enough.
pub(crate) fn is_worth_it(response: &Response) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_json =
        kind.starts_with(b"application/json") || kind.starts_with(b"application/problem+json");
    let size = response.body().size_hint();
    // Stored files say so: they come as they are, whatever they are (RFC 9111, section 5.2.2.6).
    let caching = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    is_json
        && !caching.is_some_and(|caching| caching.contains("no-transform"))
        && size.exact().is_none_or(|exact| exact >= SMALLEST_BYTES)
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::CONTENT_RANGE)
}

/// The answer in the coding. Its entity tag gets the coding's name, since a strong tag names exact bytes.
pub(crate) async fn compress(mut response: Response, coding: Coding) -> Response {
    tag(response.headers_mut(), coding);
    let request =
        Request::builder().header(header::ACCEPT_ENCODING, coding.name()).body(Body::empty());
    let Ok(request) = request else { return response };
    // The layer compresses whatever its inner service answers: here, what is answered already.
    let mut ready = Some(response);
    let inner = service_fn(move |_: Request| {
        let response = ready.take().unwrap_or_default();
        async move { Ok::<_, Infallible>(response) }
    });
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest);
    match layer.layer(inner).oneshot(request).await {
        Ok(compressed) => compressed.map(Body::new),
        Err(never) => match never {},
    }
}

fn tag(headers: &mut HeaderMap, coding: Coding) {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()?.strip_suffix('"'));
    let tagged =
        tag.and_then(|tag| HeaderValue::try_from(format!("{tag}-{}\"", coding.name())).ok());
    if let Some(tagged) = tagged {
        headers.insert(header::ETAG, tagged);
    }
}

/// Takes the names of codings out of the entity tags that the caller holds, so that handlers compare their own.
/// Says which coding the first one had.
pub(crate) fn untag(headers: &mut HeaderMap) -> Option<Coding> {
    let tags = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let coding = [Coding::Gzip, Coding::Brotli]
        .into_iter()
        .find(|coding| tags.contains(&suffix(*coding)))?;
    let plain = tags.replace(&suffix(Coding::Gzip), "\"").replace(&suffix(Coding::Brotli), "\"");
    headers.insert(header::IF_NONE_MATCH, HeaderValue::try_from(plain).ok()?);
    Some(coding)
}

/// Gives an answer that says "not modified" the tag that the caller holds.
pub(crate) fn retag(headers: &mut HeaderMap, coding: Coding) {
    tag(headers, coding);
}

fn suffix(coding: Coding) -> String {
    format!("-{}\"", coding.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(accept: &'static str) -> Option<Coding> {
        accepted(&HeaderValue::from_static(accept))
    }

    #[test]
    fn what_the_caller_takes_is_read_with_its_weights() {
        assert_eq!(takes("gzip, deflate, br"), Some(Coding::Gzip));
        assert_eq!(takes("br;q=1.0, gzip;q=0"), Some(Coding::Brotli));
        assert_eq!(takes("GZIP;q=0.1"), Some(Coding::Gzip));
        assert_eq!(takes("*"), Some(Coding::Gzip));
        assert_eq!(takes("identity, *;q=0"), None);
        assert_eq!(takes("gzip;q=x"), None);
        assert_eq!(takes(""), None);
    }

    #[tokio::test]
    async fn a_compressed_answer_has_a_tag_of_its_own() {
        let mut response = Response::new(Body::from("x".repeat(4000)));
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"abc\""));
        assert!(is_worth_it(&response));
        let compressed = compress(response, Coding::Gzip).await;
        assert_eq!(compressed.headers()[header::ETAG], "\"abc-gzip\"");
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!is_worth_it(&compressed));
        let bytes = axum::body::to_bytes(compressed.into_body(), 4000).await.unwrap();
        assert!(bytes.len() < 400);
    }

    #[test]
    fn tags_of_compressed_answers_are_understood() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::IF_NONE_MATCH,
            HeaderValue::from_static("W/\"a-gzip\", \"b-br\", \"c\""),
        );
        assert_eq!(untag(&mut headers), Some(Coding::Gzip));
        assert_eq!(headers[header::IF_NONE_MATCH], "W/\"a\", \"b\", \"c\"");
        assert_eq!(untag(&mut headers), None);
    }

    #[test]
    fn small_and_other_answers_are_left_alone() {
        let response = |kind: &'static str, size: usize| {
            let mut response = Response::new(Body::from("x".repeat(size)));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            response
        };
        assert!(is_worth_it(&response("application/json", 1024)));
        assert!(!is_worth_it(&response("application/json", 1023)));
        assert!(!is_worth_it(&response("application/pdf", 4096)));
    }

    #[test]
    fn a_stored_file_comes_as_it_is_even_if_it_is_json() {
        let mut response = Response::new(Body::from("x".repeat(4096)));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        assert!(is_worth_it(&response));
        let caching = HeaderValue::from_static("private, no-transform");
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
        assert!(!is_worth_it(&response));
    }
}
