//! The lock of those who remove rows with their bytes: on a file beside the database, which the system ends with its
//! process.

use std::fs::File;
use std::io;

use rustix::fs::{FlockOperation, flock};
use tokio::task::spawn_blocking;

use super::Sqlite;
use crate::StoreError;

/// The file's name beside the database.
const FILE: &str = "backup.lock";

impl Sqlite {
    pub(crate) fn try_hold_alone(&self) -> Result<Option<File>, StoreError> {
        let file = self.lock_file()?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(failed(error.into())),
        }
    }

    pub(crate) async fn hold_with_others(&self) -> Result<File, StoreError> {
        let file = self.lock_file()?;
        let lock = move || flock(&file, FlockOperation::LockShared).map(|()| file);
        let locked = spawn_blocking(lock).await.map_err(|stopped| failed(stopped.into()))?;
        locked.map_err(|error| failed(error.into()))
    }

    fn lock_file(&self) -> Result<File, StoreError> {
        File::create(self.file().with_file_name(FILE)).map_err(failed)
    }
}

fn failed(error: io::Error) -> StoreError {
    StoreError::Engine(Box::new(error))
}
