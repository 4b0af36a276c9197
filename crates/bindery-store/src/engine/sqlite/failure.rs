//! What SQLite's errors mean to the store.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, ffi};

use super::constraints::Constraints;
use crate::StoreError;

/// Below this much free space a failed write is taken for a full disk.
const FULL_BELOW_BYTES: u64 = 1024 * 1024;

/// An error of the engine, or one of ours that came up while it worked.
pub(super) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Turns an error of SQLite into the store's.
pub(super) fn explain(
    failure: Failure,
    connection: Option<&Connection>,
    constraints: &mut Constraints,
    folder: &Path,
) -> StoreError {
    let error = match failure {
        Failure::Store(error) => return error,
        Failure::Sqlite(error) => error,
    };
    let Some(code) = error.sqlite_error().copied() else {
        return StoreError::Engine(Box::new(error));
    };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(error.to_string()),
        ErrorCode::DiskFull => StoreError::Full,
        // SQLite tells ENOSPC apart where it writes pages, not where it grows, syncs or creates a file.
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen if is_full(folder) => StoreError::Full,
        ErrorCode::OperationInterrupted => StoreError::Interrupted,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Corrupt(error.to_string())
        }
        ErrorCode::ConstraintViolation if is_unique(code.extended_code) => {
            match (&error, connection) {
                (rusqlite::Error::SqliteFailure(_, Some(message)), Some(connection)) => {
                    StoreError::Unique(constraints.name(connection, message))
                }
                _ => StoreError::Engine(Box::new(error)),
            }
        }
        _ => StoreError::Engine(Box::new(error)),
    }
}

fn is_unique(extended_code: i32) -> bool {
    [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID]
        .contains(&extended_code)
}

fn is_full(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|disk| disk.f_bavail * disk.f_frsize < FULL_BELOW_BYTES)
}
