//! Statement texts.

use std::borrow::Cow;

/// The text of a statement, with `$1…$n` for its parameters.
///
/// Almost every text serves both engines and is a plain `&'static str`. Where the dialects truly differ,
/// both stand side by side: `Sql::Each { sqlite: "…", postgres: "…" }`.
#[derive(Debug, Clone)]
pub enum Sql {
    /// One text for both engines.
    Same(Cow<'static, str>),
    /// A text for each engine.
    Each {
        /// What SQLite runs.
        sqlite: Cow<'static, str>,
        /// What PostgreSQL runs.
        postgres: Cow<'static, str>,
    },
}

impl Sql {
    /// The text for SQLite.
    pub(crate) fn sqlite(&self) -> &str {
        match self {
            Self::Same(text) | Self::Each { sqlite: text, .. } => text,
        }
    }

    /// The text for PostgreSQL.
    pub(crate) fn postgres(&self) -> &str {
        match self {
            Self::Same(text) | Self::Each { postgres: text, .. } => text,
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Same(Cow::Borrowed(text))
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::Same(Cow::Owned(text))
    }
}
