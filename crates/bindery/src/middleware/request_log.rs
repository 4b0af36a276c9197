//! The log line of a request. Never the query: presigned URLs have their secrets there.

use std::time::Instant;

use http::{Method, StatusCode, Uri};

use super::current;

/// What is known of a request before it is answered.
pub(crate) struct RequestLog {
    begun: Instant,
    method: Method,
    uri: Uri,
}

impl RequestLog {
    pub(crate) fn new(begun: Instant, method: Method, uri: Uri) -> Self {
        Self { begun, method, uri }
    }

    /// Writes the line: whatever failed at the default level, the rest for those who look closer.
    pub(crate) fn answered(&self, status: StatusCode) {
        let (method, path, status) = (self.method.as_str(), self.uri.path(), status.as_u16());
        if status < 400 {
            tracing::debug!(method, path, status, ms = self.ms(), "{method} {path} {status}");
            return;
        }
        let address = current::client_address().map(|address| address.to_string());
        let address = address.as_deref();
        if status < 500 {
            tracing::info!(
                method,
                path,
                status,
                ms = self.ms(),
                address,
                "{method} {path} {status}"
            );
        } else {
            tracing::warn!(
                method,
                path,
                status,
                ms = self.ms(),
                address,
                "{method} {path} {status}"
            );
        }
    }

    fn ms(&self) -> f64 {
        (self.begun.elapsed().as_secs_f64() * 1e6).round() / 1e3
    }
}
