//! The page at the root, for people who open the server in a browser.

use axum::response::{Html, IntoResponse, Response};
use http::header;

const HOME: &str = include_str!("home.html");

/// Says what this server is.
pub async fn get_home() -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    let headers =
        [(header::CONTENT_SECURITY_POLICY, policy), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, Html(HOME)).into_response()
}
