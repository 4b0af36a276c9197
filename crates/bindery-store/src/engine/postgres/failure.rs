//! What PostgreSQL's errors mean to the store.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

use super::engine_error;
use crate::StoreError;

/// A failed statement.
pub(super) struct Failed {
    pub(super) error: StoreError,
    /// Another try may succeed.
    pub(super) may_retry: bool,
    /// The connection is of no more use.
    pub(super) is_broken: bool,
}

impl Failed {
    /// The pool had no connection to give.
    pub(super) fn without_connection(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self { is_broken: true, ..Self::from(error) },
            PoolError::Closed => Self::lasting(StoreError::Busy("it has been closed".into())),
            PoolError::Timeout(_) => {
                Self::lasting(StoreError::Busy("all connections are in use".into()))
            }
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Self::lasting(engine_error(error))
            }
        }
    }

    /// The server says nothing any more.
    pub(super) fn unanswered() -> Self {
        let error = StoreError::Busy("the PostgreSQL server does not answer".into());
        Self { error, may_retry: false, is_broken: true }
    }

    fn lasting(error: StoreError) -> Self {
        Self { error, may_retry: false, is_broken: false }
    }

    fn passing(error: &tokio_postgres::Error, is_broken: bool) -> Self {
        Self { error: StoreError::Busy(described(error)), may_retry: true, is_broken }
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(told) = error.as_db_error() else {
            let is_io = std::error::Error::source(&error)
                .is_some_and(|source| source.is::<std::io::Error>());
            return if error.is_closed() || is_io {
                Self::passing(&error, true)
            } else {
                Self::lasting(StoreError::Engine(Box::new(error)))
            };
        };
        match told.code() {
            &SqlState::UNIQUE_VIOLATION => {
                Self::lasting(StoreError::Unique(told.constraint().unwrap_or_default().to_owned()))
            }
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => {
                Self::passing(&error, false)
            }
            &SqlState::ADMIN_SHUTDOWN
            | &SqlState::CRASH_SHUTDOWN
            | &SqlState::CANNOT_CONNECT_NOW
            | &SqlState::TOO_MANY_CONNECTIONS => Self::passing(&error, true),
            &SqlState::QUERY_CANCELED => Self::lasting(StoreError::Interrupted),
            &SqlState::DISK_FULL => Self::lasting(StoreError::Full),
            &SqlState::LOCK_NOT_AVAILABLE => Self::lasting(StoreError::Busy(described(&error))),
            &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => {
                Self::lasting(StoreError::Corrupt(described(&error)))
            }
            _ => Self::lasting(engine_error(described(&error))),
        }
    }
}

/// The driver's own text says no more than that the server has told an error.
fn described(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(told) => format!("{} ({})", told.message(), told.code().code()),
        None => error.to_string(),
    }
}
