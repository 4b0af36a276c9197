//! What `/docs/…` answers.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::site::{self, Found, SiteFile};
use super::{coding, content_type};
use crate::api::ApiError;
use crate::api::etag::{ETag, matches_none};
use crate::app::App;

/// Says how the site is built, where the program was built without it.
const NOT_BUILT: &str = include_str!("not_built.html");
/// File names below this folder carry a digest of their bytes.
const HASHED: &str = "assets/";
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";

/// Leads to the index: links of the site are below `/docs/`.
pub(crate) async fn redirect_to_index() -> Response {
    moved("docs/")
}

/// The first page of the site.
pub(crate) async fn get_index(State(app): State<App>, request: HeaderMap) -> Response {
    answer(&app, "index.html", &request)
}

/// A page or another file of the site.
pub(crate) async fn get_page(
    State(app): State<App>,
    Path(path): Path<String>,
    request: HeaderMap,
) -> Response {
    answer(&app, &path, &request)
}

fn answer(app: &App, path: &str, request: &HeaderMap) -> Response {
    if !site::is_built() {
        let status = if path == "index.html" { StatusCode::OK } else { StatusCode::NOT_FOUND };
        return not_built(status);
    }
    match site::find(path) {
        Found::File(found) => send(app, found, request),
        Found::MovedTo(place) => moved(&place),
        Found::Missing => missing(app, path, request),
    }
}

fn send(app: &App, found: SiteFile, request: &HeaderMap) -> Response {
    let path = found.path.clone();
    let tag = ETag::of_digest(&found.file.metadata.sha256_hash());
    let is_hashed = path.starts_with(HASHED);
    let coded = coding::choose(found, request);
    let mut response = if !is_hashed && matches_none(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(coded.file.data))
    };
    let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    let caching = if is_hashed { FOR_GOOD } else { ASK_FIRST };
    set(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    set(header::ETAG, tag.header());
    set(header::CONTENT_TYPE, HeaderValue::from_static(content_type::of(&path)));
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    set(header::CONTENT_SECURITY_POLICY, app.portal_policy.header());
    if coded.varies {
        set(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if response.status() == StatusCode::OK
        && let Some(coding) = coded.coding
    {
        coding.mark(response.headers_mut());
    }
    response
}

/// The site's own page for what is not there; programs that ask for other than pages get a problem.
fn missing(app: &App, path: &str, request: &HeaderMap) -> Response {
    let is_page = !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let page = is_page.then(|| site::file("404.html")).flatten();
    let Some(page) = page else { return ApiError::UnknownPath.into_response() };
    // Whatever the caller holds is no answer to this.
    let mut fresh = request.clone();
    fresh.remove(header::IF_NONE_MATCH);
    let mut response = send(app, page, &fresh);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().remove(header::ETAG);
    response
}

fn moved(place: &str) -> Response {
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/docs/"));
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response()
}

fn not_built(status: StatusCode) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, ASK_FIRST),
    ];
    (status, headers, Html(NOT_BUILT)).into_response()
}
