//! What can go wrong with the database.

/// An error of the store. None of its texts is for callers of the API.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is busy, shutting down or out of reach: try again later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The disk under the database is full.
    #[error("the disk of the database is full")]
    Full,
    /// A unique constraint was hit; its name in the schema.
    #[error("unique constraint {0}")]
    Unique(String),
    /// The statement ran longer than its limit, or its caller went away.
    #[error("the statement was interrupted")]
    Interrupted,
    /// A column is not there or not of the type asked for.
    #[error("column {0} is missing or of another type")]
    Column(usize),
    /// A statement that yields at most one row yielded more.
    #[error("more rows than one")]
    TooManyRows,
    /// A stored value breaks a rule of the data model.
    #[error("stored value: {0}")]
    Corrupt(String),
    /// The schema of the database does not fit this binary; says what to do.
    #[error("{0}")]
    Schema(String),
    /// Anything else that the engine says.
    #[error("database: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// The same error for another caller whom it befell, too.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Busy(why) => Self::Busy(why.clone()),
            Self::Full => Self::Full,
            Self::Unique(name) => Self::Unique(name.clone()),
            Self::Interrupted => Self::Interrupted,
            Self::Column(column) => Self::Column(*column),
            Self::TooManyRows => Self::TooManyRows,
            Self::Corrupt(what) => Self::Corrupt(what.clone()),
            Self::Schema(what) => Self::Schema(what.clone()),
            Self::Engine(source) => Self::Engine(source.to_string().into()),
        }
    }
}
