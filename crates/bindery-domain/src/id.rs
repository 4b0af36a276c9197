//! Public ids. Each kind is a type of its own, so that they cannot be confused.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that cannot be an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(pub &'static str);

macro_rules! guid {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new random id.
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// Reads the 16 bytes that the database holds.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes that the database holds.
            #[must_use]
            pub fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        /// Lower case with hyphens, as in answers.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        /// Takes the hyphenated form in any case, and nothing else.
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 {
                    return Err(InvalidId($what));
                }
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId($what))
            }
        }
    };
}

guid!(/** An organization, *Organisations id*; what `x-ibinder-tenantid` carries. */ OrganizationId, "organization id (a GUID)");
guid!(/** A folder or tab. */ FolderId, "folder id (a GUID)");
guid!(/** A document. */ DocumentId, "document id (a GUID)");
guid!(/** A version of a document. */ VersionId, "version id (a GUID)");
guid!(/** An upload between its presigned URL and its commit. */ UploadId, "upload id (a GUID)");
guid!(/** Stored bytes; never used twice, never shown to callers. */ BlobId, "blob id (a GUID)");

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $lengths:expr, $extra:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Takes exactly the characters that such an id is made of; case counts.
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || $extra.contains(c);
                if $lengths.contains(&text.len()) && text.chars().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId($what))
                }
            }
        }
    };
}

text_id!(/** A binder: a NanoId of 9 characters. */ BinderId, "binder id (9 characters of A-Z, a-z, 0-9, _ and -)", (9..=9), "_-");
text_id!(/** A metadata element: `GLOBAL_*`, a NanoId, or an id that a provisioning file gave. */ ElementId, "element id (1 to 64 characters of A-Z, a-z, 0-9, _ and -)", (1..=64), "_-");
text_id!(/** An allowed value of an enumerated element. */ ValueId, "value id (1 to 64 characters of A-Z, a-z, 0-9, _, -, and .)", (1..=64), "_-.");
text_id!(/** An API client: the `client_id` of OAuth. */ ClientId, "client id (1 to 100 characters of A-Z, a-z, 0-9, _, -, . and @)", (1..=100), "_-.@");
