//! Errors of the API, and the one place that chooses their status codes.

use std::borrow::Cow;
use std::time::Duration;

use crate::actions::ActionError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use bindery_blobs::BlobError;
use bindery_domain::{FieldErrors, Refusal};
use bindery_store::StoreError;
use http::{HeaderName, HeaderValue, StatusCode, header};

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
    pub(crate) slug: &'static str,
    pub(crate) title: Cow<'static, str>,
    pub(crate) detail: Option<Cow<'static, str>>,
    pub(crate) errors: Option<FieldErrors>,
}

impl Problem {
    fn new(status: StatusCode, slug: &'static str, title: impl Into<Cow<'static, str>>) -> Self {
        Self { status, slug, title: title.into(), detail: None, errors: None }
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
                return Self::new(
                    other,
                    "other",
                    other.canonical_reason().unwrap_or("error").to_lowercase(),
                );
            }
        };
        error.problem()
    }
}

impl ApiError {
    /// The one place that chooses status codes.
    fn problem(&self) -> Problem {
        use StatusCode as Status;
        match self {
            Self::Unauthenticated(Challenge::NoToken) => {
                Problem::new(Status::UNAUTHORIZED, "unauthenticated", "an access token is needed")
            }
            Self::Unauthenticated(Challenge::InvalidToken(why)) => Problem::new(
                Status::UNAUTHORIZED,
                "unauthenticated",
                "the access token is not valid",
            )
            .detail(*why),
            Self::WrongTenant => Problem::new(
                Status::FORBIDDEN,
                "forbidden",
                "the client belongs to another organization",
            ),
            Self::Refused(refusal) => refused(refusal),
            Self::Throttled { .. } => {
                Problem::new(Status::TOO_MANY_REQUESTS, "throttled", "too many calls")
            }
            Self::UnknownPath => Problem::new(Status::NOT_FOUND, "not-found", "no such path"),
            Self::WrongMethod => Problem::new(
                Status::METHOD_NOT_ALLOWED,
                "wrong-method",
                "the path does not take this method",
            ),
            Self::WrongContentType => Problem::new(
                Status::UNSUPPORTED_MEDIA_TYPE,
                "wrong-content-type",
                "the body is not of a content type that the call takes",
            ),
            Self::WrongContentCoding => Problem::new(
                Status::UNSUPPORTED_MEDIA_TYPE,
                "wrong-content-type",
                "the body is compressed",
            )
            .detail("send it without Content-Encoding"),
            Self::PreconditionFailed => Problem::new(
                Status::PRECONDITION_FAILED,
                "precondition-failed",
                "a condition of the request fails",
            ),
            Self::OutOfRange { .. } => Problem::new(
                Status::RANGE_NOT_SATISFIABLE,
                "out-of-range",
                "the range lies beyond the end of the file",
            ),
            Self::Unavailable => {
                Problem::new(Status::SERVICE_UNAVAILABLE, "unavailable", "try again in a moment")
            }
            Self::Internal(_) => Problem::new(
                Status::INTERNAL_SERVER_ERROR,
                "internal",
                "something went wrong in the server",
            ),
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
            Self::Throttled { retry_after } => {
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
    use StatusCode as Status;
    match refusal {
        Refusal::NotFound(kind) => {
            Problem::new(Status::NOT_FOUND, "not-found", format!("no such {kind}"))
        }
        Refusal::Forbidden { needs } => {
            Problem::new(Status::FORBIDDEN, "forbidden", format!("the role {needs} is needed"))
        }
        Refusal::Invalid(errors) => {
            let problem = Problem::new(Status::BAD_REQUEST, "invalid", "some fields are not valid");
            Problem { errors: Some(errors.clone()), ..problem }
        }
        Refusal::Conflict(what) => {
            Problem::new(Status::CONFLICT, "conflict", "the call does not fit the present state")
                .detail(*what)
        }
        Refusal::InProgress => {
            Problem::new(Status::CONFLICT, "in-progress", "the same call is still running")
        }
        Refusal::KeyReused => {
            let title = "the idempotency key was used for another request";
            Problem::new(Status::UNPROCESSABLE_ENTITY, "key-reused", title)
        }
        Refusal::BadLink(why) => {
            Problem::new(Status::FORBIDDEN, "bad-link", "the link does not work").detail(*why)
        }
        Refusal::TooLarge { limit } => {
            let problem =
                Problem::new(Status::PAYLOAD_TOO_LARGE, "too-large", "the body is too large");
            problem.detail(format!("at most {limit} bytes are taken"))
        }
        Refusal::NoSpace => Problem::new(
            Status::INSUFFICIENT_STORAGE,
            "no-space",
            "there is not enough free space for uploads",
        ),
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
            BlobError::Missing(_) | BlobError::Io { .. } => Self::Internal(error.into()),
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
