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
use http::{HeaderValue, Method, StatusCode, Uri, header};
use ipnet::IpNet;
use tower::Service;

use super::cors::{self, Cors};
use super::current::{self, Current};
use super::request_log::RequestLog;
use super::templates::Templates;
use super::trace_id::TraceId;
use super::{compress, problem_body};
use crate::access::client_address;
use crate::api::ApiError;
use crate::config::ServerConfig;
use crate::router::Routes;
use crate::telemetry::RequestMeters;

/// The whole server below the sockets: takes a request, gives its answer. Cheap to clone.
#[derive(Clone)]
pub struct Shell(Arc<Inner>);

struct Inner {
    router: Router,
    templates: Templates,
    meters: RequestMeters,
    trusted_proxies: Vec<IpNet>,
    cors: Cors,
}

impl Shell {
    /// Surrounds the routes.
    #[must_use]
    pub fn new(routes: Routes, config: &ServerConfig) -> Self {
        let templates = Templates::new(routes.paths, routes.exact_paths);
        Self(Arc::new(Inner {
            router: routes.router,
            meters: RequestMeters::new(templates.texts()),
            templates,
            trusted_proxies: config.trusted_proxies.clone(),
            cors: Cors::new(&config.cors_origins),
        }))
    }

    /// Answers a request of the peer.
    pub async fn answer(&self, peer: SocketAddr, mut request: Request) -> Response {
        let begun = Instant::now();
        let inner = &*self.0;
        let found = inner.templates.find(request.uri().path());
        let route = found.as_ref().map(|found| found.route);
        let log = RequestLog::new(begun, request.method().clone(), request.uri().clone());
        if let Some(path) = found.and_then(|found| found.rewritten) {
            respell(request.uri_mut(), &path);
        }
        let address = client_address(&inner.trusted_proxies, peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(peer));
        let method = request.method().clone();
        let trace = TraceId::of(request.headers());
        current::serve(Current::new(trace, address), async move {
            let response = inner.framed(request, trace).await;
            inner.meters.answered(route, &method, response.status(), begun.elapsed());
            log.answered(response.status());
            response
        })
        .await
    }
}

impl Inner {
    /// Answers, and writes what of an answer does not depend on the call.
    async fn framed(&self, mut request: Request, trace: TraceId) -> Response {
        let is_head = request.method() == Method::HEAD;
        let accept = request.headers().get(header::ACCEPT_ENCODING).cloned();
        let held = compress::untag(request.headers_mut());
        let origin = self.cors.origin(request.headers());
        let preflight = origin.as_ref().and_then(|_| cors::preflight(&request));
        let mut response = match preflight {
            Some(response) => response,
            None => self.routed(request).await,
        };
        if response.status().is_client_error() || response.status().is_server_error() {
            problem_body::write(&mut response, trace);
            if is_head {
                *response.body_mut() = Body::empty();
            }
        }
        if let Some(left) = current::quota() {
            left.write(response.headers_mut());
        }
        self.cors.mark(origin, response.headers_mut());
        if let (StatusCode::NOT_MODIFIED, Some(coding)) = (response.status(), held) {
            compress::retag(response.headers_mut(), coding);
        }
        if is_head || !compress::is_worth_it(&response) {
            return response;
        }
        match accept.as_ref().and_then(compress::accepted) {
            Some(coding) => compress::compress(response, coding).await,
            None => {
                response
                    .headers_mut()
                    .append(header::VARY, HeaderValue::from_static("accept-encoding"));
                response
            }
        }
    }

    async fn routed(&self, request: Request) -> Response {
        let mut router = self.router.clone();
        match AssertUnwindSafe(router.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => ApiError::Internal(anyhow::anyhow!("a handler panicked")).into_response(),
        }
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
