//! The request that the present task serves.
//!
//! Carried by the task instead of a tracing span: a span costs about as much as a document read costs the server
//! otherwise, and nothing is written for most requests.

use std::net::IpAddr;
use std::sync::OnceLock;

use super::trace_id::TraceId;
use crate::access::bucket::Left;

tokio::task_local! {
    static CURRENT: Current;
}

/// What is known of the request while it is served.
#[derive(Debug)]
pub(crate) struct Current {
    trace: TraceId,
    address: IpAddr,
    client: OnceLock<String>,
    quota: OnceLock<Left>,
}

impl Current {
    pub(crate) fn new(trace: TraceId, address: IpAddr) -> Self {
        Self { trace, address, client: OnceLock::new(), quota: OnceLock::new() }
    }
}

/// Runs the future as the given request.
pub(crate) async fn serve<T>(current: Current, work: impl Future<Output = T>) -> T {
    CURRENT.scope(current, work).await
}

/// The trace id of the request that this task serves.
#[must_use]
pub fn trace_id() -> Option<TraceId> {
    CURRENT.try_with(|current| current.trace).ok()
}

/// Where the request comes from, seen through the trusted proxies.
#[must_use]
pub fn client_address() -> Option<IpAddr> {
    CURRENT.try_with(|current| current.address).ok()
}

/// Notes which client has proved to be the caller, for the log lines of the request.
pub fn note_client(client: &str) {
    // Outside of a request there is nothing to note it on.
    _ = CURRENT.try_with(|current| _ = current.client.set(client.to_owned()));
}

/// Notes what the client may still ask for, for the headers of the answer.
pub(crate) fn note_quota(left: Left) {
    _ = CURRENT.try_with(|current| _ = current.quota.set(left));
}

/// What was noted of what the client may still ask for.
pub(crate) fn quota() -> Option<Left> {
    CURRENT.try_with(|current| current.quota.get().copied()).ok().flatten()
}

/// Runs the function with the client that was noted, if any.
pub(crate) fn with_client<T>(read: impl FnOnce(Option<&str>) -> T) -> T {
    let mut read = Some(read);
    let noted = CURRENT.try_with(|current| {
        let client = current.client.get().map(String::as_str);
        read.take().map(|read| read(client))
    });
    match (noted, read) {
        (Ok(Some(answer)), _) => answer,
        (_, Some(read)) => read(None),
        _ => unreachable!("the function runs in exactly one of the two places"),
    }
}
