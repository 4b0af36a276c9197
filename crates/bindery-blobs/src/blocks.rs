//! Blocks of unfinished uploads: put in any order, in parallel, and over again, until a list puts them together.
//!
//! A block is a file of its own that is not synced: only the assembled blob must be durable. Sizes are kept in memory
//! (one process has the folder open) and read from the folder the first time an upload is touched.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use md5::{Digest as _, Md5};
use tokio::task::spawn_blocking;

use crate::blobs::Inner;
use crate::draft::{Digests, Draft};
use crate::error::stopped;
use crate::sequence::Sequence;

use crate::{BlobError, BlobKey, Blobs, Expected, Stored, UploadKey};

/// How many blocks an upload may have.
pub const MAX_BLOCKS: usize = 50_000;

/// The name of a block within its upload: 1 to 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(Vec<u8>);

impl BlockId {
    /// Takes the bytes behind the base64 of the protocol; `None` when there are none or too many.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (1..=64).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// The name of its file: hexadecimal, so that it is harmless whatever the bytes are.
    fn file_name(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn from_file_name(name: &str) -> Option<Self> {
        let digits = name.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let id = Self::new(&digits.map(byte).collect::<Option<Vec<u8>>>()?)?;
        (id.file_name() == name).then_some(id)
    }
}

/// The blocks of all uploads that this process has touched.
#[derive(Debug, Default)]
pub(crate) struct AllBlocks {
    uploads: Mutex<HashMap<UploadKey, Arc<Mutex<UploadBlocks>>>>,
}

/// The blocks of one upload.
#[derive(Debug, Default)]
struct UploadBlocks {
    is_loaded: bool,
    has_ended: bool,
    sizes: HashMap<BlockId, u64>,
    /// Of all blocks, those under way included.
    total: u64,
}

/// A block in the making. Dropping it removes what was written.
#[derive(Debug)]
pub struct BlockWriter {
    draft: Draft,
    blobs: Blobs,
    key: UploadKey,
    id: BlockId,
    limit: u64,
    share: Share,
}

/// What a block under way has of its upload's total; given back unless the block is finished.
#[derive(Debug)]
struct Share {
    upload: Arc<Mutex<UploadBlocks>>,
    bytes: u64,
}

impl Drop for Share {
    fn drop(&mut self) {
        lock(&self.upload).total -= self.bytes;
    }
}

impl Blobs {
    /// Begins a block of an upload. The limit is for all blocks of the upload together.
    ///
    /// # Errors
    /// [`BlobError::TooManyBlocks`] past [`MAX_BLOCKS`]; whatever the disk says.
    pub async fn begin_block(
        &self,
        key: UploadKey,
        id: BlockId,
        expected: Expected,
    ) -> Result<BlockWriter, BlobError> {
        let upload = self.upload_blocks(key).await?;
        {
            let blocks = lock(&upload);
            if blocks.sizes.len() >= MAX_BLOCKS && !blocks.sizes.contains_key(&id) {
                return Err(BlobError::TooManyBlocks);
            }
        }
        let digests = Digests { sha256: None, md5: expected.md5.map(|_| Md5::new()) };
        let draft = Draft::create(&self.inner, digests, expected).await?;
        let share = Share { upload, bytes: 0 };
        Ok(BlockWriter { draft, blobs: self.clone(), key, id, limit: expected.limit, share })
    }

    /// Puts blocks together, in the list's order, into a durable blob. The blocks stay until
    /// [`Blobs::remove_blocks`].
    ///
    /// # Errors
    /// [`BlobError::UnknownBlock`] when one was never put, [`BlobError::TooLarge`] past the limit.
    pub async fn assemble(
        &self,
        key: UploadKey,
        list: &[BlockId],
        limit: u64,
        blob: BlobKey,
    ) -> Result<Stored, BlobError> {
        let upload = self.upload_blocks(key).await?;
        let folder = self.inner.blocks_folder().join(key.folder());
        let mut total = 0_u64;
        let mut files = Vec::with_capacity(list.len());
        {
            let blocks = lock(&upload);
            for id in list {
                total = total.saturating_add(*blocks.sizes.get(id).ok_or(BlobError::UnknownBlock)?);
                files.push(folder.join(id.file_name()));
            }
        }
        if total > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut writer = self.begin(Expected { limit, md5: None }).await?;
        let mut sequence = Sequence::new(files);
        writer.write_from(move |buffer| sequence.fill(buffer)).await?;
        writer.finish(blob).await
    }

    /// Removes all blocks of an upload; those still under way fail with [`BlobError::Ended`].
    ///
    /// # Errors
    /// When the file system refuses.
    pub async fn remove_blocks(&self, key: UploadKey) -> Result<(), BlobError> {
        let known = lock(&self.inner.blocks.uploads).remove(&key);
        let folder = self.inner.blocks_folder().join(key.folder());
        spawn_blocking(move || {
            if let Some(upload) = known {
                lock(&upload).has_ended = true;
            }
            match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(BlobError::io("removing blocks")(error))
                }
                _ => Ok(()),
            }
        })
        .await
        .map_err(stopped)?
    }

    /// What is known of an upload's blocks, read from its folder the first time.
    async fn upload_blocks(&self, key: UploadKey) -> Result<Arc<Mutex<UploadBlocks>>, BlobError> {
        let upload = lock(&self.inner.blocks.uploads).entry(key).or_default().clone();
        if lock(&upload).is_loaded {
            return Ok(upload);
        }
        let folder = self.inner.blocks_folder().join(key.folder());
        spawn_blocking(move || {
            let mut blocks = lock(&upload);
            if !blocks.is_loaded {
                blocks.sizes =
                    sizes(&folder).map_err(BlobError::io("reading the blocks of an upload"))?;
                blocks.total += blocks.sizes.values().sum::<u64>();
                blocks.is_loaded = true;
            }
            drop(blocks);
            Ok(upload)
        })
        .await
        .map_err(stopped)?
    }
}

impl BlockWriter {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when all blocks of the upload exceed the limit.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        {
            let mut blocks = lock(&self.share.upload);
            let replaced = blocks.sizes.get(&self.id).copied().unwrap_or(0);
            let total = blocks.total.saturating_add(bytes.len() as u64);
            if total.saturating_sub(replaced) > self.limit {
                return Err(BlobError::TooLarge { limit: self.limit });
            }
            blocks.total = total;
            self.share.bytes += bytes.len() as u64;
        }
        self.draft.write(bytes).await
    }

    /// How many bytes of this block have come so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.draft.size()
    }

    /// Makes the block part of its upload, in the place of one with the same id.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; [`BlobError::Ended`] when the upload has ended.
    pub async fn finish(self) -> Result<(), BlobError> {
        let Self { draft, blobs, key, id, mut share, .. } = self;
        let size = draft.size();
        draft
            .finish(move |_, path| place(&blobs.inner, path, key, id, size, &mut share))
            .await
            .map(|_| ())
    }
}

/// Gives a block its name. The lock makes file and remembered size agree when one id is put twice at once.
fn place(
    inner: &Inner,
    path: &Path,
    key: UploadKey,
    id: BlockId,
    size: u64,
    share: &mut Share,
) -> Result<(), BlobError> {
    let folder = inner.blocks_folder().join(key.folder());
    let mut blocks = lock(&share.upload);
    if blocks.has_ended {
        return Err(BlobError::Ended);
    }
    // Not among the folders that are remembered: these come and go, and need not be durable.
    fs::create_dir_all(&folder).map_err(BlobError::io("making the folder of blocks"))?;
    fs::rename(path, folder.join(id.file_name())).map_err(BlobError::io("naming a block"))?;
    let replaced = blocks.sizes.insert(id, size).unwrap_or(0);
    blocks.total -= replaced;
    drop(blocks);
    share.bytes = 0;
    Ok(())
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

fn sizes(folder: &PathBuf) -> io::Result<HashMap<BlockId, u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        other => other?,
    };
    let mut sizes = HashMap::new();
    for entry in entries {
        let entry = entry?;
        if let Some(id) = entry.file_name().to_str().and_then(BlockId::from_file_name) {
            sizes.insert(id, entry.metadata()?.len());
        }
    }
    Ok(sizes)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
