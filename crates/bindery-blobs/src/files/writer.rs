//! Writing a blob into a file.

use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

use tokio::task::spawn_blocking;

use super::draft::{BLOCK, Draft};
use super::{Files, Inner, folders};
use crate::digests::Digests;
use crate::error::stopped;
use crate::{BlobError, BlobKey, Expected, Stored};

/// A blob in the making. Dropping it removes what was written.
#[derive(Debug)]
pub(crate) struct FileWriter {
    draft: Draft,
    files: Files,
    key: BlobKey,
}

impl Files {
    /// Begins a blob; it has its key once it is finished.
    ///
    /// # Errors
    /// When no file can be made.
    pub(crate) async fn begin(
        &self,
        key: BlobKey,
        expected: Expected,
    ) -> Result<FileWriter, BlobError> {
        let draft = Draft::create(&self.inner, Digests::of_blob(&expected), expected).await?;
        Ok(FileWriter { draft, files: self.clone(), key })
    }
}

impl FileWriter {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] past the limit, [`BlobError::NoSpace`] on a full disk.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.draft.write(bytes).await
    }

    /// How many bytes have come so far.
    #[must_use]
    pub(crate) fn size(&self) -> u64 {
        self.draft.size()
    }

    /// Makes the bytes durable under the key: file, name, and every folder on the way are on the disk afterwards.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; whatever the disk says.
    pub(crate) async fn finish(self) -> Result<Stored, BlobError> {
        let started = Instant::now();
        let (inner, key) = (self.files.inner.clone(), self.key);
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
