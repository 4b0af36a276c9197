//! Errors of the API, and the one place that chooses their status codes.

mod kind;

use std::borrow::Cow;
use std::time::Duration;

use crate::actions::ActionError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use bindery_blobs::BlobError;
use bindery_domain::{FieldErrors, Refusal};
use bindery_store::StoreError;
use http::{HeaderName, HeaderValue, StatusCode, header};

pub(crate) use kind::ProblemKind;

/// What a handler returns.
pub type ApiResult<T> = Result<Json<T>, ApiError>;

/// Why a call fails.
#[derive(Debug)]
pub enum ApiError {
    /// Nobody has proved who calls.
    Unauthenticated(Challenge),
    /// The token belongs to a client of another organization than the one named.
    WrongTenant,
    /// An expected refusal.
    Refused(Refusal),
    /// The client has used up its calls.
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// No route has this path.
    UnknownPath,
    /// The path has other methods.
    WrongMethod,
    /// The body is of a content type that the call does not take.
    WrongContentType,
    /// The body is compressed.
    WrongContentCoding,
    /// A condition of the request does not hold (RFC 9110, section 13).
    PreconditionFailed,
    /// No part of the file is within the range asked for.
    OutOfRange {
        /// The size of the file.
        size_bytes: u64,
    },
    /// The server cannot answer at present; the cause was logged.
    Unavailable,
    /// A failure of ours: logged with the trace id, never shown.
    Internal(anyhow::Error),
}

/// What a caller without a proof is told (RFC 6750, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// No token was sent.
    NoToken,
    /// A token was sent and is not valid; says why.
    InvalidToken(&'static str),
}

/// What is shown of an error; the answer's body is made of it where the trace id is known.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) kind: ProblemKind,
    pub(crate) title: Cow<'static, str>,
    pub(crate) detail: Option<Cow<'static, str>>,
    pub(crate) errors: Option<FieldErrors>,
}

impl Problem {
    fn of(kind: ProblemKind) -> Self {
        Self::titled(kind, kind.title())
    }

    fn titled(kind: ProblemKind, title: impl Into<Cow<'static, str>>) -> Self {
        Self { status: kind.status(), kind, title: title.into(), detail: None, errors: None }
    }

    fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The problem of an answer that came without one, made from its status alone.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let error = match status {
            StatusCode::NOT_FOUND => ApiError::UnknownPath,
            StatusCode::METHOD_NOT_ALLOWED => ApiError::WrongMethod,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::WrongContentType,
            StatusCode::PRECONDITION_FAILED => ApiError::PreconditionFailed,
            StatusCode::SERVICE_UNAVAILABLE => ApiError::Unavailable,
            other => {
                let title = other.canonical_reason().unwrap_or("error").to_lowercase();
                return Self { status: other, ..Self::titled(ProblemKind::Other, title) };
            }
        };
        error.problem()
    }
}

impl ApiError {
    /// The one place that chooses the kind of a problem, and with it the status code.
    fn problem(&self) -> Problem {
        use ProblemKind as Kind;
        match self {
            Self::Unauthenticated(Challenge::NoToken) => Problem::of(Kind::Unauthenticated),
            Self::Unauthenticated(Challenge::InvalidToken(why)) => {
                Problem::titled(Kind::Unauthenticated, "the access token is not valid").detail(*why)
            }
            Self::WrongTenant => {
                Problem::titled(Kind::Forbidden, "the client belongs to another organization")
            }
            Self::Refused(refusal) => refused(refusal),
            Self::Throttled { .. } => Problem::of(Kind::Throttled),
            Self::UnknownPath => Problem::titled(Kind::NotFound, "no such path"),
            Self::WrongMethod => Problem::of(Kind::WrongMethod),
            Self::WrongContentType => Problem::of(Kind::WrongContentType),
            Self::WrongContentCoding => {
                Problem::titled(Kind::WrongContentType, "the body is compressed")
                    .detail("send it without Content-Encoding")
            }
            Self::PreconditionFailed => Problem::of(Kind::PreconditionFailed),
            Self::OutOfRange { .. } => Problem::of(Kind::OutOfRange),
            Self::Unavailable => Problem::of(Kind::Unavailable),
            Self::Internal(_) => Problem::of(Kind::Internal),
        }
    }

    fn headers(&self, response: &mut Response) {
        let mut set =
            |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        match self {
            Self::Unauthenticated(Challenge::NoToken) => {
                set(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Unauthenticated(Challenge::InvalidToken(_)) => {
                set(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Bearer error="invalid_token""#),
                );
            }
            Self::WrongContentCoding => {
                // RFC 9110, section 15.5.16: tells this 415 from the one about the content type.
                set(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            }
            Self::Throttled { retry_after } | Self::Refused(Refusal::Busy { retry_after, .. }) => {
                // Whole seconds, and 0 would invite the next refusal.
                let secs = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
                set(header::RETRY_AFTER, HeaderValue::from(secs.max(1)));
            }
            Self::Unavailable | Self::Refused(Refusal::InProgress) => {
                set(header::RETRY_AFTER, HeaderValue::from(1));
            }
            Self::OutOfRange { size_bytes } => {
                if let Ok(value) = HeaderValue::try_from(format!("bytes */{size_bytes}")) {
                    set(header::CONTENT_RANGE, value);
                }
            }
            _ => {}
        }
    }
}

fn refused(refusal: &Refusal) -> Problem {
    use ProblemKind as Kind;
    match refusal {
        Refusal::NotFound(what) => Problem::titled(Kind::NotFound, format!("no such {what}")),
        Refusal::Forbidden { needs } => {
            Problem::titled(Kind::Forbidden, format!("the role {needs} is needed"))
        }
        Refusal::Invalid(errors) => {
            Problem { errors: Some(errors.clone()), ..Problem::of(Kind::Invalid) }
        }
        Refusal::Conflict(what) => Problem::of(Kind::Conflict).detail(*what),
        Refusal::InProgress => Problem::of(Kind::InProgress),
        Refusal::KeyReused => Problem::of(Kind::KeyReused),
        Refusal::BadLink(why) => Problem::of(Kind::BadLink).detail(*why),
        Refusal::TooLarge { limit } => {
            Problem::of(Kind::TooLarge).detail(format!("at most {limit} bytes are taken"))
        }
        Refusal::NoSpace => Problem::of(Kind::NoSpace),
        Refusal::Full(why) => Problem::of(Kind::NoSpace).detail(*why),
        Refusal::Busy { what, .. } => Problem::of(Kind::Unavailable).detail(*what),
    }
}

/// The answer without its body; the shell around the router writes that, with the trace id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            tracing::error!(error = format!("{cause:#}"), "the request failed");
        }
        let problem = self.problem();
        let mut response = problem.status.into_response();
        self.headers(&mut response);
        response.extensions_mut().insert(problem);
        response
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ActionError> for ApiError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Refused(refusal) => refusal.into(),
            ActionError::Store(error) => error.into(),
            ActionError::Blob(error) => error.into(),
            ActionError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::Refused(errors.into())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) | StoreError::Interrupted => {
                tracing::warn!(error = %error, "the database did not answer in time");
                Self::Unavailable
            }
            StoreError::Full => {
                tracing::error!(error = %error, "the request was refused");
                Self::Refused(Refusal::NoSpace)
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        let invalid = |field: &str, message: &str| FieldErrors::one(field, message).into();
        match error {
            BlobError::NoSpace => {
                tracing::error!(error = %error, "the request was refused");
                Self::Refused(Refusal::NoSpace)
            }
            BlobError::TooLarge { limit } => Self::Refused(Refusal::TooLarge { limit }),
            BlobError::Md5Mismatch => invalid("Content-MD5", "the bytes have another MD5"),
            BlobError::UnknownBlock => invalid("$", "the list names a block that was not put"),
            BlobError::TooManyBlocks => invalid("blockid", "the upload has too many blocks"),
            BlobError::Ended => Self::Refused(Refusal::Conflict("the upload has ended")),
            BlobError::Unavailable { .. } => {
                tracing::warn!(error = %error, "the storage did not answer");
                Self::Unavailable
            }
            BlobError::Missing(_) | BlobError::Settings(_) | BlobError::Io { .. } => {
                Self::Internal(error.into())
            }
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
