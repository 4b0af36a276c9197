//! A file in the making: blocks go to the disk while the next ones come.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use super::pen::{Desk, Pen, Written};
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
    pub(crate) buffer: Vec<u8>,
    /// How much went to the desk.
    flushed: u64,
    desk: Arc<Desk>,
    pen: PenPlace,
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

/// Where the pen is.
#[derive(Debug)]
enum PenPlace {
    /// Nothing is being written.
    Resting(Pen),
    /// A thread writes with it what lies on the desk.
    Writing(JoinHandle<Written>),
    /// It was lost to an error, which was told.
    Lost,
}

impl Draft {
    pub(crate) async fn create(
        inner: &Arc<Inner>,
        digests: Digests,
        expected: Expected,
    ) -> Result<Self, BlobError> {
        let inner = inner.clone();
        let (path, file) = spawn_blocking(move || inner.create()).await.map_err(stopped)??;
        let (path, file) = (Temporary(path), Arc::new(file));
        let synced = digests.has_sha256().then_some(0);
        Ok(Self {
            path,
            pen: PenPlace::Resting(Pen::new(file.clone(), digests)),
            file,
            expected,
            buffer: Vec::new(),
            flushed: 0,
            desk: Arc::default(),
            early_sync: None,
            synced,
        })
    }

    pub(crate) fn size(&self) -> u64 {
        self.flushed + self.buffer.len() as u64
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

    /// Lays the buffer on the desk, once there is room, and sees to it that a thread writes what lies there.
    pub(crate) async fn flush(&mut self) -> Result<(), BlobError> {
        let block = std::mem::replace(&mut self.buffer, self.desk.spare());
        self.flushed += block.len() as u64;
        if self.desk.lay(block).await {
            let pen = self.take_pen().await?;
            let desk = self.desk.clone();
            self.pen = PenPlace::Writing(spawn_blocking(move || pen.write(&desk)));
        }
        self.sync_early().await
    }

    /// Takes the pen once what lies on the desk is written.
    async fn take_pen(&mut self) -> Result<Pen, BlobError> {
        match std::mem::replace(&mut self.pen, PenPlace::Lost) {
            PenPlace::Resting(pen) => Ok(pen),
            PenPlace::Writing(writing) => {
                writing.await.map_err(stopped)?.map_err(BlobError::io("writing a file"))
            }
            PenPlace::Lost => {
                Err(BlobError::io("writing a file")(io::Error::other("an earlier write failed")))
            }
        }
    }

    /// Begins to sync what was written, when that is worth it and no sync is running.
    async fn sync_early(&mut self) -> Result<(), BlobError> {
        let is_running = self.early_sync.as_ref().is_some_and(|sync| !sync.is_finished());
        if is_running || self.synced.is_none_or(|synced| self.flushed - synced < EARLY_SYNC) {
            return Ok(());
        }
        self.end_early_sync().await?;
        self.synced = Some(self.flushed);
        let file = self.file.clone();
        self.early_sync = Some(spawn_blocking(move || file.sync_data()));
        Ok(())
    }

    /// A failed sync is reported once: the one at the end would not see it again.
    async fn end_early_sync(&mut self) -> Result<(), BlobError> {
        let Some(sync) = self.early_sync.take() else { return Ok(()) };
        sync.await.map_err(stopped)?.map_err(BlobError::io("syncing a file"))
    }

    /// Writes what is left and hands the file to `place`, which gives it its final name.
    pub(crate) async fn finish<F>(mut self, place: F) -> Result<Stored, BlobError>
    where
        F: FnOnce(&File, &Path) -> Result<(), BlobError> + Send + 'static,
    {
        let mut pen = self.take_pen().await?;
        self.end_early_sync().await?;
        spawn_blocking(move || {
            pen.write_last(&self.buffer).map_err(BlobError::io("writing a file"))?;
            let mut digests = pen.into_digests();
            digests.check_md5(&self.expected)?;
            place(&self.file, &self.path.0)?;
            Ok(Stored { size: self.size(), sha256: digests.sha256() })
        })
        .await
        .map_err(stopped)?
    }
}
