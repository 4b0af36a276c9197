//! Which browser pages may call. Closed unless the operator names origins.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// What pages may read of an answer beside the few headers that they always may.
const EXPOSED: &str = "Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Length, Content-Range, \
    ETag, Last-Modified, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, \
    WWW-Authenticate, x-ms-blob-type, x-ms-client-request-id, x-ms-content-crc64, x-ms-creation-time, x-ms-error-code, \
    x-ms-request-id, x-ms-request-server-encrypted, x-ms-version";
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/// What a page may send when it does not say what it will.
const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Range, traceparent, \
    x-ibinder-tenantid, x-ms-blob-type, x-ms-version";
/// How long a browser may remember a preflight, in seconds; browsers have lower limits of their own.
const REMEMBER_SECS: &str = "7200";

/// The origins that may call.
#[derive(Debug, Default)]
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
    is_open: bool,
}

impl Cors {
    pub(crate) fn new(origins: &[String]) -> Self {
        Self {
            is_open: origins.iter().any(|origin| origin == "*"),
            origins: origins
                .iter()
                .filter_map(|origin| HeaderValue::try_from(origin.as_str()).ok())
                .collect(),
        }
    }

    /// The origin of the calling page, when it is one that may.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = headers.get(header::ORIGIN)?;
        // Tokens travel in headers, never in cookies: a wildcard gives a page nothing that it does not have.
        if self.is_open {
            return Some(HeaderValue::from_static("*"));
        }
        let is_ours = |ours: &&HeaderValue| ours.as_bytes().eq_ignore_ascii_case(origin.as_bytes());
        self.origins.iter().any(|ours| is_ours(&ours)).then(|| origin.clone())
    }

    /// Whether answers differ by the caller's origin.
    fn varies(&self) -> bool {
        !self.origins.is_empty() && !self.is_open
    }

    /// Marks an answer as readable by the page.
    pub(crate) fn mark(&self, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
        if self.varies() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers
                .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

/// Answers a browser that asks before it calls; `None` for every other request.
pub(crate) fn preflight(request: &Request) -> Option<Response> {
    let headers = request.headers();
    let asks = request.method() == Method::OPTIONS
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let asked = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let mut set =
            |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        set(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        set(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            asked.unwrap_or(HeaderValue::from_static(HEADERS)),
        );
        set(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBER_SECS));
        set(header::VARY, HeaderValue::from_static("access-control-request-headers"));
        response
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(allowed: &[&str], calling: &'static str) -> Option<String> {
        let allowed: Vec<_> = allowed.iter().map(|&origin| origin.to_owned()).collect();
        let headers = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(calling))]);
        Cors::new(&allowed).origin(&headers).map(|origin| origin.to_str().unwrap().to_owned())
    }

    #[test]
    fn only_named_origins_may_call() {
        assert_eq!(origin(&[], "https://a.example"), None);
        assert_eq!(
            origin(&["https://a.example"], "https://a.example"),
            Some("https://a.example".into())
        );
        assert_eq!(origin(&["https://a.example"], "https://a.example.evil"), None);
        assert_eq!(origin(&["https://a.example"], "null"), None);
        assert_eq!(origin(&["*"], "https://b.example"), Some("*".into()));
    }

    #[test]
    fn a_preflight_is_an_options_request_that_names_a_method() {
        let request = |method: &str, name: &str| {
            Request::builder().method(method).header(name, "PUT").body(Body::empty()).unwrap()
        };
        let answer = preflight(&request("OPTIONS", "access-control-request-method")).unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert!(preflight(&request("OPTIONS", "origin")).is_none());
        assert!(preflight(&request("GET", "access-control-request-method")).is_none());
    }
}
