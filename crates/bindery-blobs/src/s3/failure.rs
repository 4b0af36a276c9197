//! What the storage or the way to it did wrong.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::BlobError;

/// A call that failed.
#[derive(Debug)]
pub(super) struct Failure {
    what: &'static str,
    status: Option<u16>,
    code: Option<String>,
    cause: String,
}

impl Failure {
    pub(super) fn of<E>(what: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let (code, message) = match error.as_service_error() {
            Some(error) => (error.code().map(str::to_owned), error.message()),
            None => (None, None),
        };
        let cause = match (status, &code) {
            (Some(status), Some(code)) => match message {
                Some(message) => format!("{status} {code}: {message}"),
                None => format!("{status} {code}"),
            },
            (Some(status), None) => format!("the storage answers {status}"),
            (None, _) => chain(error),
        };
        Self { what, status, code, cause }
    }

    /// There is no such object or upload.
    pub(super) fn is_absent(&self) -> bool {
        self.status == Some(404) && self.code() != "NoSuchBucket"
    }

    /// A condition of the request did not hold.
    pub(super) fn is_precondition(&self) -> bool {
        self.status == Some(412)
    }

    /// The storage does not know this call.
    pub(super) fn is_unknown_call(&self) -> bool {
        self.status == Some(501) || self.code() == "NotImplemented"
    }

    /// The storage took the request for a wrong one.
    pub(super) fn is_bad_request(&self) -> bool {
        self.status == Some(400)
    }

    /// Answers that callers ask for.
    pub(super) fn is_expected(&self) -> bool {
        self.is_absent() || self.is_precondition() || self.is_unknown_call()
    }

    fn code(&self) -> &str {
        self.code.as_deref().unwrap_or_default()
    }
}

impl From<Failure> for BlobError {
    fn from(failure: Failure) -> Self {
        // What storages say whose disks or quotas are full.
        let full = ["QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"];
        if failure.status == Some(507) || full.contains(&failure.code()) {
            return Self::NoSpace;
        }
        Self::Unavailable { what: failure.what, cause: failure.cause }
    }
}

/// An error with all that it stems from, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
