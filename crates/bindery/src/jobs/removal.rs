//! The right to remove bytes, which a running backup withholds.
//!
//! A backup copies the database, then the bytes that it names; it holds a lock on a file shared meanwhile. Whoever
//! removes a row and then its bytes holds it alone. The system ends both when a process dies.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// Proof that no backup runs, as long as it lives.
#[derive(Debug)]
pub struct Removal {
    _lock: File,
}

impl Removal {
    /// Takes the right, unless a backup runs.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn begin(lock_file: &Path) -> io::Result<Option<Self>> {
        let lock = File::create(lock_file)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
