//! A file in the making: blocks go to the disk while their digests are computed beside it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use super::{Inner, remove_file};
use crate::digests::Digests;
use crate::error::stopped;
use crate::{BlobError, Expected, Stored};

/// Bytes are handed to the disk in blocks of this size.
pub(crate) const BLOCK: usize = 1024 * 1024;

/// So much is written before the disk is asked to begin: what it has taken by the end need not be waited for.
/// Small files are synced once.
const EARLY_SYNC: u64 = 8 * 1024 * 1024;

/// A new buffer starts this small, so that a connection which never sends anything holds nothing.
const FIRST_BUFFER: usize = 64 * 1024;

/// A file in the making under a temporary name, of a blob or of a block.
#[derive(Debug)]
pub(crate) struct Draft {
    path: Temporary,
    file: Arc<File>,
    expected: Expected,
    digests: Digests,
    pub(crate) buffer: Vec<u8>,
    /// A buffer that a finished block gave back.
    spare: Vec<u8>,
    written: u64,
    running: Option<Running>,
    early_sync: Option<JoinHandle<io::Result<()>>>,
    /// Up to where a sync was asked for; nowhere for a block, which need not be durable.
    synced: Option<u64>,
}

/// The file behind the path goes when this does.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = remove_file(&self.0) {
            tracing::warn!("a temporary file stays for the sweeper: {error}");
        }
    }
}

/// A block on its way: written by one thread while another computes its digests.
#[derive(Debug)]
struct Running {
    write: JoinHandle<io::Result<()>>,
    digest: JoinHandle<Digests>,
    block: Arc<Vec<u8>>,
}

impl Draft {
    pub(crate) async fn create(
        inner: &Arc<Inner>,
        digests: Digests,
        expected: Expected,
    ) -> Result<Self, BlobError> {
        let inner = inner.clone();
        let (path, file) = spawn_blocking(move || inner.create()).await.map_err(stopped)??;
        let (buffer, spare) = (Vec::new(), Vec::new());
        let (path, file) = (Temporary(path), Arc::new(file));
        let synced = digests.has_sha256().then_some(0);
        Ok(Self {
            path,
            file,
            expected,
            digests,
            buffer,
            spare,
            written: 0,
            running: None,
            early_sync: None,
            synced,
        })
    }

    pub(crate) fn size(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        if self.size().saturating_add(bytes.len() as u64) > self.expected.limit {
            return Err(BlobError::TooLarge { limit: self.expected.limit });
        }
        while !bytes.is_empty() {
            if self.buffer.capacity() == 0 {
                self.buffer.reserve_exact(FIRST_BUFFER);
            }
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() == BLOCK {
                self.flush().await?;
            }
        }
        Ok(())
    }

    pub(crate) fn check_limit(&self) -> Result<(), BlobError> {
        let limit = self.expected.limit;
        if self.size() > limit { Err(BlobError::TooLarge { limit }) } else { Ok(()) }
    }

    /// Sends the buffer on its way, once the block before has arrived.
    pub(crate) async fn flush(&mut self) -> Result<(), BlobError> {
        self.settle().await?;
        let block = Arc::new(std::mem::replace(&mut self.buffer, std::mem::take(&mut self.spare)));
        let offset = self.written;
        self.written += block.len() as u64;
        let (file, bytes) = (self.file.clone(), block.clone());
        let write = spawn_blocking(move || file.write_all_at(&bytes, offset));
        self.sync_early().await?;
        let (mut digests, bytes) = (std::mem::take(&mut self.digests), block.clone());
        let digest = spawn_blocking(move || {
            digests.update(&bytes);
            digests
        });
        self.running = Some(Running { write, digest, block });
        Ok(())
    }

    /// Begins to sync what was written, when that is worth it and no sync is running.
    async fn sync_early(&mut self) -> Result<(), BlobError> {
        let is_running = self.early_sync.as_ref().is_some_and(|sync| !sync.is_finished());
        if is_running || self.synced.is_none_or(|synced| self.written - synced < EARLY_SYNC) {
            return Ok(());
        }
        self.end_early_sync().await?;
        self.synced = Some(self.written);
        let file = self.file.clone();
        self.early_sync = Some(spawn_blocking(move || file.sync_data()));
        Ok(())
    }

    /// A failed sync is reported once: the one at the end would not see it again.
    async fn end_early_sync(&mut self) -> Result<(), BlobError> {
        let Some(sync) = self.early_sync.take() else { return Ok(()) };
        sync.await.map_err(stopped)?.map_err(BlobError::io("syncing a file"))
    }

    /// Waits for the block that is on its way.
    async fn settle(&mut self) -> Result<(), BlobError> {
        let Some(Running { write, digest, block }) = self.running.take() else { return Ok(()) };
        self.digests = digest.await.map_err(stopped)?;
        write.await.map_err(stopped)?.map_err(BlobError::io("writing a file"))?;
        if let Ok(mut buffer) = Arc::try_unwrap(block) {
            buffer.clear();
            self.spare = buffer;
        }
        Ok(())
    }

    /// Writes what is left and hands the file to `place`, which gives it its final name.
    pub(crate) async fn finish<F>(mut self, place: F) -> Result<Stored, BlobError>
    where
        F: FnOnce(&File, &Path) -> Result<(), BlobError> + Send + 'static,
    {
        self.settle().await?;
        self.end_early_sync().await?;
        spawn_blocking(move || {
            self.file
                .write_all_at(&self.buffer, self.written)
                .map_err(BlobError::io("writing a file"))?;
            self.digests.update(&self.buffer);
            let size = self.size();
            self.digests.check_md5(&self.expected)?;
            place(&self.file, &self.path.0)?;
            Ok(Stored { size, sha256: self.digests.sha256() })
        })
        .await
        .map_err(stopped)?
    }
}
