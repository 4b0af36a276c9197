//! Writing a blob.

use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

use aws_lc_rs::digest::{Context, SHA256};
use md5::{Digest as _, Md5};
use tokio::task::spawn_blocking;

use crate::blobs::Inner;
use crate::draft::{BLOCK, Digests, Draft};
use crate::error::stopped;
use crate::{BlobError, BlobKey, Blobs, folders};

/// What is known of the bytes before they come.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// The most bytes that are taken.
    pub limit: u64,
    /// The MD5 that the sender announced, if any.
    pub md5: Option<[u8; 16]>,
}

/// What is known of the bytes once they are durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// How many.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// A blob in the making. Dropping it removes what was written.
#[derive(Debug)]
pub struct Writer {
    draft: Draft,
    blobs: Blobs,
}

impl Blobs {
    /// Begins a blob; it gets its key when it is finished.
    ///
    /// # Errors
    /// When no file can be made.
    pub async fn begin(&self, expected: Expected) -> Result<Writer, BlobError> {
        let digests =
            Digests { sha256: Some(Context::new(&SHA256)), md5: expected.md5.map(|_| Md5::new()) };
        let draft = Draft::create(&self.inner, digests, expected).await?;
        Ok(Writer { draft, blobs: self.clone() })
    }
}

impl Writer {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] past the limit, [`BlobError::NoSpace`] on a full disk.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.draft.write(bytes).await
    }

    /// How many bytes have come so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.draft.size()
    }

    /// Makes the bytes durable under the key: file, name, and every folder on the way are on the disk afterwards.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; whatever the disk says.
    pub async fn finish(self, key: BlobKey) -> Result<Stored, BlobError> {
        let started = Instant::now();
        let inner = self.blobs.inner.clone();
        let stored = self.draft.finish(move |file, path| place(&inner, file, path, key)).await?;
        metrics::histogram!("bindery_storage_seconds", "operation" => "finish")
            .record(started.elapsed());
        Ok(stored)
    }

    /// Fills the next blocks from somewhere else than memory; `source` runs on a thread that may block, appends up to
    /// the capacity it is given, and says whether there is more.
    pub(crate) async fn write_from<F>(&mut self, mut source: F) -> Result<(), BlobError>
    where
        F: FnMut(&mut Vec<u8>) -> Result<bool, BlobError> + Send + 'static,
    {
        loop {
            let mut buffer = std::mem::take(&mut self.draft.buffer);
            buffer.reserve_exact(BLOCK - buffer.len());
            let (answer, buffer, back) = spawn_blocking(move || {
                let answer = source(&mut buffer);
                (answer, buffer, source)
            })
            .await
            .map_err(stopped)?;
            source = back;
            self.draft.buffer = buffer;
            self.draft.check_limit()?;
            if !answer? {
                return Ok(());
            }
            self.draft.flush().await?;
        }
    }
}

/// Gives a finished file its name for good.
fn place(inner: &Inner, file: &File, path: &Path, key: BlobKey) -> Result<(), BlobError> {
    file.sync_all().map_err(BlobError::io("syncing a blob"))?;
    let blobs = inner.blobs_folder();
    inner
        .folders
        .make(&blobs, &key.folder())
        .map_err(BlobError::io("making the folder of a blob"))?;
    fs::rename(path, inner.path(key)).map_err(BlobError::io("naming a blob"))?;
    folders::sync(&blobs.join(key.folder())).map_err(BlobError::io("syncing the folder of a blob"))
}

/// The MD5 of bytes in memory, for what is announced about them.
#[must_use]
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
