//! The roles of API clients.

use std::fmt;
use std::str::FromStr;

/// What a client may do. Later roles include the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// *Läsare*: reads.
    Reader,
    /// *Skapare*: reads and creates.
    Creator,
    /// Full management.
    Admin,
}

impl Role {
    /// The role as the provisioning file and the database spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Creator => "creator",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = super::id::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Reader, Self::Creator, Self::Admin]
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(text))
            .ok_or(super::id::InvalidId("role (reader, creator or admin)"))
    }
}
