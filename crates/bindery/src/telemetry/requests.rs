//! Counters and latencies of requests, looked up once for each route, method and status.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use metrics::{Counter, Histogram, counter, histogram};
use parking_lot::RwLock;

/// The meters of all routes, numbered as in the templates; the last one is for paths that no route has.
pub(crate) struct RequestMeters(Vec<RouteMeters>);

struct RouteMeters {
    route: Arc<str>,
    known: RwLock<Vec<Known>>,
}

struct Known {
    method: &'static str,
    status: StatusCode,
    count: Counter,
    latency: Histogram,
}

impl RequestMeters {
    pub(crate) fn new(routes: impl Iterator<Item = Arc<str>>) -> Self {
        let others = std::iter::once(Arc::from("other"));
        Self(
            routes
                .chain(others)
                .map(|route| RouteMeters { route, known: RwLock::default() })
                .collect(),
        )
    }

    /// Counts an answer.
    pub(crate) fn answered(
        &self,
        route: Option<usize>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let Some(meters) = route.and_then(|route| self.0.get(route)).or(self.0.last()) else {
            return;
        };
        let method = name(method);
        let is = |known: &&Known| known.status == status && known.method == method;
        if let Some(known) = meters.known.read().iter().find(is) {
            known.record(took);
            return;
        }
        let mut list = meters.known.write();
        let known = match list.iter().position(|known| is(&known)) {
            Some(position) => &list[position],
            None => {
                let labels = [("route", meters.route.to_string()), ("method", method.to_owned())];
                let latency = histogram!("bindery_request_seconds", &labels);
                let [route, method_label] = labels;
                let labels = [route, method_label, ("status", status.as_str().to_owned())];
                list.push(Known {
                    method,
                    status,
                    count: counter!("bindery_requests_total", &labels),
                    latency,
                });
                &list[list.len() - 1]
            }
        };
        known.record(took);
    }
}

impl Known {
    fn record(&self, took: Duration) {
        self.count.increment(1);
        self.latency.record(took.as_secs_f64());
    }
}

/// Whatever a caller makes up counts as one method, so that nobody can fill the memory with labels.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
