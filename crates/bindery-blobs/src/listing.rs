//! Everything that lies in the storage, for the sweeper and for `bindery check`.

use std::path::PathBuf;
use std::time::SystemTime;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::{BlobError, BlobKey, UploadKey};

/// How many are found ahead.
pub(crate) const AHEAD: usize = 64;

/// A file in the storage.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Where it is, below the folder of stored bytes or the prefix of the storage.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written to.
    pub modified: SystemTime,
    /// Of a multipart upload: what the storage calls it.
    pub(crate) multipart: Option<String>,
}

/// What a file in the storage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundKind {
    /// A finished blob; an orphan when no row names it.
    Blob(BlobKey),
    /// A file in the making; left over from a crash when nobody has written to it for long.
    Incoming,
    /// A block of an upload; left over when the upload is not open any more.
    Block(UploadKey),
    /// Nothing of ours.
    Foreign,
}

/// What lies in the storage, one after the other. See [`crate::Blobs::list`].
#[derive(Debug)]
pub struct Listing {
    found: mpsc::Receiver<Result<Found, BlobError>>,
    lister: AbortHandle,
}

impl Listing {
    pub(crate) fn new(
        found: mpsc::Receiver<Result<Found, BlobError>>,
        lister: AbortHandle,
    ) -> Self {
        Self { found, lister }
    }

    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// When the storage cannot be read; nothing comes afterwards.
    pub async fn next(&mut self) -> Result<Option<Found>, BlobError> {
        self.found.recv().await.transpose()
    }

    /// All that is left.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn all(mut self) -> Result<Vec<Found>, BlobError> {
        let mut all = Vec::new();
        while let Some(found) = self.next().await? {
            all.push(found);
        }
        Ok(all)
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        self.lister.abort();
    }
}
