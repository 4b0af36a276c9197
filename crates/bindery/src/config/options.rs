//! Options that exist three times: as a flag, in the environment and in a file. Each group is a struct whose fields
//! are all optional; the strongest source that names one wins, and a default stands in for the rest.

use std::fmt::Display;
use std::str::FromStr;

use super::file::FileError;

/// Declares a group of options: clap's arguments, the keys of the file, and which source wins.
macro_rules! options {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, clap::Args)]
        pub struct $name {
            $($(#[$field_doc])* #[arg(long)] pub $field: Option<$type>,)*
        }

        impl $name {
            /// The keys of the group in a file.
            pub(crate) const KEYS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// Fills what is not given yet from the file.
            ///
            /// # Errors
            /// When a value of the file is not of its key's type.
            pub(crate) fn or_file(self, file: &$crate::config::file::SettingsFile) -> Result<Self, $crate::config::file::FileError> {
                Ok(Self { $($field: match self.$field { Some(given) => Some(given), None => file.get(stringify!($field))? },)* })
            }
        }
    };
}
pub(super) use options;

/// A list written with commas, or as a list in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T: FromStr<Err: Display>> FromStr for List<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let read = |part: &str| part.parse().map_err(|error| format!("`{part}`: {error}"));
        Ok(Self(parts.map(read).collect::<Result<_, _>>()?))
    }
}

/// What is wrong with the settings: which key, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// A value does not fit, alone or with the others.
    #[error("{key}: {problem}")]
    Invalid {
        /// The key, as in the file; the flag has hyphens instead.
        key: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl ConfigError {
    pub(super) fn new(key: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { key, problem: problem.into() }
    }
}
