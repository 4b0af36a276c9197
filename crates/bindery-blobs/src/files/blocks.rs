//! Blocks of unfinished uploads: put in any order, in parallel, and over again, until a list puts them together.
//!
//! A block is a file of its own that is not synced: only the assembled blob must be durable. Sizes are kept in memory
//! (one process has the folder open) and read from the folder the first time an upload is touched.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::draft::Draft;
use super::sequence::Sequence;
use super::{Files, Inner};
use crate::digests::Digests;
use crate::error::stopped;
use crate::ledger::{Ledger, Share, lock};
use crate::{BlobError, BlobKey, BlockId, Expected, Stored, UploadKey};

/// A block in the making. Dropping it removes what was written.
#[derive(Debug)]
pub(crate) struct FileBlock {
    draft: Draft,
    files: Files,
    key: UploadKey,
    id: BlockId,
    share: Share,
}

impl Files {
    /// Begins a block of an upload. The limit is for all blocks of the upload together.
    ///
    /// # Errors
    /// [`BlobError::TooManyBlocks`] past [`crate::MAX_BLOCKS`]; whatever the disk says.
    pub(crate) async fn begin_block(
        &self,
        key: UploadKey,
        id: BlockId,
        expected: Expected,
    ) -> Result<FileBlock, BlobError> {
        let ledger = self.ledger(key).await?;
        let share = Share::begin(ledger, id.file_name(), expected.limit)?;
        let draft = Draft::create(&self.inner, Digests::of_block(&expected), expected).await?;
        Ok(FileBlock { draft, files: self.clone(), key, id, share })
    }

    /// Puts blocks together, in the list's order, into a durable blob. The blocks stay until
    /// [`Files::remove_blocks`].
    ///
    /// # Errors
    /// [`BlobError::UnknownBlock`] when one was never put, [`BlobError::TooLarge`] past the limit.
    pub(crate) async fn assemble(
        &self,
        key: UploadKey,
        list: &[BlockId],
        limit: u64,
        blob: BlobKey,
    ) -> Result<Stored, BlobError> {
        let ledger = self.ledger(key).await?;
        let folder = self.inner.blocks_folder().join(key.folder());
        let mut total = 0_u64;
        let mut files = Vec::with_capacity(list.len());
        {
            let known = lock(&ledger);
            for id in list {
                total = total
                    .saturating_add(known.size(&id.file_name()).ok_or(BlobError::UnknownBlock)?);
                files.push(folder.join(id.file_name()));
            }
        }
        if total > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut writer = self.begin(blob, Expected { limit, md5: None }).await?;
        let mut sequence = Sequence::new(files);
        writer.write_from(move |buffer| sequence.fill(buffer)).await?;
        writer.finish().await
    }

    /// Removes all blocks of an upload; those still under way fail with [`BlobError::Ended`].
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) async fn remove_blocks(&self, key: UploadKey) -> Result<(), BlobError> {
        self.inner.ledgers.end(key);
        let folder = self.inner.blocks_folder().join(key.folder());
        spawn_blocking(move || match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(BlobError::io("removing blocks")(error))
            }
            _ => Ok(()),
        })
        .await
        .map_err(stopped)?
    }

    /// What is known of an upload's blocks, read from its folder the first time.
    async fn ledger(&self, key: UploadKey) -> Result<Arc<Mutex<Ledger>>, BlobError> {
        let ledger = self.inner.ledgers.of(key);
        if lock(&ledger).is_known(Duration::MAX) {
            return Ok(ledger);
        }
        let folder = self.inner.blocks_folder().join(key.folder());
        spawn_blocking(move || {
            // Under the lock, so that no block is finished between reading and learning.
            let mut known = lock(&ledger);
            if !known.is_known(Duration::MAX) {
                known.learn(
                    sizes(&folder).map_err(BlobError::io("reading the blocks of an upload"))?,
                );
            }
            drop(known);
            Ok(ledger)
        })
        .await
        .map_err(stopped)?
    }
}

impl FileBlock {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when all blocks of the upload exceed the limit.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.share.take(bytes.len() as u64)?;
        self.draft.write(bytes).await
    }

    /// How many bytes of this block have come so far.
    #[must_use]
    pub(crate) fn size(&self) -> u64 {
        self.draft.size()
    }

    /// Makes the block part of its upload, in the place of one with the same id.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; [`BlobError::Ended`] when the upload has ended.
    pub(crate) async fn finish(self) -> Result<(), BlobError> {
        let Self { draft, files, key, id, mut share } = self;
        let size = draft.size();
        draft
            .finish(move |_, path| share.place(size, || name_block(&files.inner, path, key, &id)))
            .await
            .map(drop)
    }
}

/// Gives a block its name.
fn name_block(inner: &Inner, path: &Path, key: UploadKey, id: &BlockId) -> Result<(), BlobError> {
    let folder = inner.blocks_folder().join(key.folder());
    // Not among the folders that are remembered: these come and go, and need not be durable.
    fs::create_dir_all(&folder).map_err(BlobError::io("making the folder of blocks"))?;
    fs::rename(path, folder.join(id.file_name())).map_err(BlobError::io("naming a block"))
}

/// Drops all blocks when the machine was started since they were written.
pub(crate) fn drop_of_earlier_boot(folder: &Path) -> io::Result<()> {
    // Where the system does not say which start this is, none is trusted.
    let boot = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let mark = folder.join("boot");
    if boot.is_empty() || fs::read(&mark).ok().as_ref() != Some(&boot) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            }
        }
        fs::write(mark, boot)?;
    }
    Ok(())
}

fn sizes(folder: &PathBuf) -> io::Result<HashMap<String, u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        other => other?,
    };
    let mut sizes = HashMap::new();
    for entry in entries {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            sizes.insert(name, entry.metadata()?.len());
        }
    }
    Ok(sizes)
}
