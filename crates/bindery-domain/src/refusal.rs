//! What Bindery refuses, in terms that are safe to show and know nothing of HTTP.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::Role;

/// The kinds of things that a caller can ask for in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A binder, or a drive of another domain.
    Drive,
    /// A binder.
    Binder,
    /// A folder or tab.
    Folder,
    /// A document.
    Document,
    /// A version.
    Version,
    /// An upload.
    Upload,
    /// The bytes behind a presigned URL.
    File,
    /// A sandbox.
    Sandbox,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drive => "drive",
            Self::Binder => "binder",
            Self::Folder => "folder",
            Self::Document => "document",
            Self::Version => "version",
            Self::Upload => "upload",
            Self::File => "file",
            Self::Sandbox => "sandbox",
        })
    }
}

/// Messages for each offending field, keyed as the contract spells it: `MetadataFilters[0].metadataElementId`;
/// `$` is the body as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// One message for one field.
    pub fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds a message for a field.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(message.into());
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong, otherwise the refusal.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with these messages.
    pub fn into_result(self) -> Result<(), Refusal> {
        if self.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self)) }
    }
}

/// An expected refusal. Another organization's object and an absent one are the same variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It does not exist or is not visible to this tenant.
    NotFound(Kind),
    /// The role does not allow it.
    Forbidden {
        /// The least role that does.
        needs: Role,
    },
    /// Fields are not valid.
    Invalid(FieldErrors),
    /// It does not fit the present state; says why.
    Conflict(&'static str),
    /// The same call is still running; try again soon.
    InProgress,
    /// An idempotency key was used for another request.
    KeyReused,
    /// A presigned URL is altered or expired; says which.
    BadLink(&'static str),
    /// The bytes exceed the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// There is not enough free space to take bytes.
    NoSpace,
    /// The organization may not take more; says why and what to do.
    Full(&'static str),
    /// All that there is of something is in use.
    Busy {
        /// Of what.
        what: &'static str,
        /// When some of it is free again.
        retry_after: Duration,
    },
}

impl From<FieldErrors> for Refusal {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
