//! The shell around the router: what every request goes through, in one place and without boxed layers.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::uri::PathAndQuery;
use http::{Method, Uri};
use ipnet::IpNet;
use tower::Service;

use super::current::{self, Current};
use super::problem_body;
use super::templates::Templates;
use super::trace_id::TraceId;
use crate::access::client_address;
use crate::api::ApiError;
use crate::router::Routes;

/// The whole server below the sockets: takes a request, gives its answer. Cheap to clone.
#[derive(Clone)]
pub struct Shell(Arc<Inner>);

struct Inner {
    router: Router,
    templates: Templates,
    trusted_proxies: Vec<IpNet>,
}

impl Shell {
    /// Surrounds the routes; the `X-Forwarded-For` of these proxies counts.
    #[must_use]
    pub fn new(routes: Routes, trusted_proxies: Vec<IpNet>) -> Self {
        let templates = Templates::new(routes.paths);
        Self(Arc::new(Inner { router: routes.router, templates, trusted_proxies }))
    }

    /// Answers a request of the peer.
    pub async fn answer(&self, peer: SocketAddr, mut request: Request) -> Response {
        let begun = Instant::now();
        let trace = TraceId::of(request.headers());
        let head = request.method() == Method::HEAD;
        let found = self.0.templates.find(request.uri().path());
        let route = found.as_ref().map(|found| found.route);
        if let Some(path) = found.and_then(|found| found.rewritten) {
            respell(request.uri_mut(), &path);
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let address = client_address(&self.0.trusted_proxies, peer.ip(), request.headers());
        current::serve(Current::new(trace, address), async move {
            let work = AssertUnwindSafe(self.routed(request)).catch_unwind().await;
            let mut response =
                work.unwrap_or_else(|_| ApiError::Internal(anyhow::anyhow!("a handler panicked")).into_response());
            if response.status().as_u16() >= 400 {
                problem_body::write(&mut response, trace);
                if head {
                    *response.body_mut() = Body::empty();
                }
            }
            if let Some(left) = current::quota() {
                left.write(response.headers_mut());
            }
            let route = route.and_then(|route| self.0.templates.text(route));
            tracing::debug!(%method, path, route = route.map(|text| &**text), status = response.status().as_u16(), ms = begun.elapsed().as_secs_f64() * 1e3, "answered");
            response
        })
        .await
    }

    async fn routed(&self, request: Request) -> Response {
        let mut router = self.0.router.clone();
        router.call(request).await.unwrap_or_else(|never| match never {})
    }
}

/// Gives the request the path that the router knows.
fn respell(uri: &mut Uri, path: &str) {
    let path_and_query = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = path_and_query.ok().or(parts.path_and_query);
    if let Ok(respelled) = Uri::from_parts(parts) {
        *uri = respelled;
    }
}
