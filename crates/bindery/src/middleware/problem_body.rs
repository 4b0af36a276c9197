//! Writes the problem body of an answer, with the request's trace id.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde::Serialize;

use super::trace_id::TraceId;
use crate::api::problem::Problem;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemBody<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    trace_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a BTreeMap<String, Vec<String>>>,
}

/// Gives an answer of 400 and above its problem body; leaves alone what has a body of another kind.
pub(crate) fn write(response: &mut Response, trace: TraceId) {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_bare(response) => Problem::of_status(response.status()),
        None => return,
    };
    let body = ProblemBody {
        r#type: problem.kind.uri(),
        title: &problem.title,
        status: problem.status.as_u16(),
        detail: problem.detail.as_deref(),
        trace_id: trace.to_string(),
        errors: problem.errors.as_ref().map(|errors| &errors.0),
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(json.len()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = Body::from(json);
}

/// Whether the answer was made by the framework: no content type, or a line of plain text.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}
