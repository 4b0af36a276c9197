//! The kinds of errors. Each has a page of its own in the developer portal, which its URI leads to.

use http::StatusCode;

/// Declares the kinds, and the list of all, so that none is missing from it.
macro_rules! kinds {
    ($($name:ident: $slug:literal, $status:ident, $title:literal, $meaning:literal;)*) => {
        /// A kind of error: the `type` of a problem body.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum ProblemKind {
            $(#[doc = $meaning] $name,)*
        }

        impl ProblemKind {
            /// Every kind.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            /// The last part of its URI.
            pub(crate) fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The URI reference that names it and leads to its page (RFC 9457, section 3.1.1).
            pub(crate) fn uri(self) -> String {
                format!("/docs/errors/{}", self.slug())
            }

            /// The status that its answers have; for [`ProblemKind::Other`] one of those that they may have.
            pub(crate) fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// What an answer says that has nothing more precise.
            pub(crate) fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What it means, for the reference.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

kinds! {
    Invalid: "invalid", BAD_REQUEST, "some fields are not valid",
        "The tenant header, a parameter or a field of the body is not valid; `errors` names it.";
    Unauthenticated: "unauthenticated", UNAUTHORIZED, "an access token is needed",
        "There is no access token, or it is not valid any more.";
    Forbidden: "forbidden", FORBIDDEN, "the client may not do this",
        "The client's role does not allow the call, or the client belongs to another organization.";
    BadLink: "bad-link", FORBIDDEN, "the link does not work",
        "A presigned URL has expired, was altered, or is used for something else.";
    NotFound: "not-found", NOT_FOUND, "there is no such thing",
        "What the path names does not exist, or is not visible to this tenant.";
    WrongMethod: "wrong-method", METHOD_NOT_ALLOWED, "the path does not take this method",
        "The path exists and takes other methods; `Allow` names them.";
    Conflict: "conflict", CONFLICT, "the call does not fit the present state",
        "The call does not fit the present state: the upload is used already, or nothing was uploaded yet.";
    InProgress: "in-progress", CONFLICT, "the same call is still running",
        "A call with the same idempotency key is still running; `Retry-After` says when to ask again.";
    PreconditionFailed: "precondition-failed", PRECONDITION_FAILED, "a condition of the request fails",
        "A condition of the request, as `If-Match`, does not hold.";
    TooLarge: "too-large", PAYLOAD_TOO_LARGE, "the body is too large",
        "The body or file is larger than the server takes.";
    WrongContentType: "wrong-content-type", UNSUPPORTED_MEDIA_TYPE, "the body is not of a content type that the call takes",
        "The body is of a content type that the call does not take.";
    OutOfRange: "out-of-range", RANGE_NOT_SATISFIABLE, "the range lies beyond the end of the file",
        "The range that was asked for lies beyond the end of the file.";
    KeyReused: "key-reused", UNPROCESSABLE_ENTITY, "the idempotency key was used for another request",
        "The idempotency key was used for another request before.";
    Throttled: "throttled", TOO_MANY_REQUESTS, "too many calls",
        "The client has made too many calls; `Retry-After` says when to go on.";
    Internal: "internal", INTERNAL_SERVER_ERROR, "something went wrong in the server",
        "A failure of the server; its log has the cause under the same `traceId`.";
    Unavailable: "unavailable", SERVICE_UNAVAILABLE, "try again in a moment",
        "The server cannot answer at present; `Retry-After` says when to try again.";
    NoSpace: "no-space", INSUFFICIENT_STORAGE, "there is not enough free space for uploads",
        "There is not enough free space for uploads.";
    Other: "other", BAD_REQUEST, "error",
        "An error that has no kind of its own; its status says what is known.";
}
