//! The storage of a server, whichever it is.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::pin::pin;

use futures_util::TryStreamExt as _;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::error::stopped;
use crate::files::Files;
use crate::listing::AHEAD;
use crate::reader::ReaderOf;
use crate::writer::{BlockOf, WriterOf};
use crate::{
    BlobError, BlobKey, BlobReader, BlockId, BlockWriter, Expected, Found, Listing, S3, S3Settings,
    Stored, UploadKey, Writer,
};

/// The stored bytes of a server. Cheap to clone.
///
/// In files one process at a time opens it for writing; an S3 storage is shared by any number.
#[derive(Debug, Clone)]
pub struct Blobs(Storage);

#[derive(Debug, Clone)]
enum Storage {
    Files(Files),
    S3(S3),
}

impl Blobs {
    /// Opens a folder, and makes it when it is not there; the folder above must exist.
    ///
    /// Blocks that an earlier run of the machine left are dropped: they are not synced, so a power cut may have
    /// hollowed them out.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(dir: &Path) -> Result<Self, BlobError> {
        Ok(Self(Storage::Files(Files::open(dir)?)))
    }

    /// Prepares the use of an S3 storage. Nothing is asked of it yet: see [`S3::abilities`].
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub async fn connect(settings: &S3Settings) -> Result<Self, BlobError> {
        Ok(Self(Storage::S3(S3::connect(settings).await?)))
    }

    /// What only an S3 storage can do; `None` for files.
    #[must_use]
    pub fn s3(&self) -> Option<&S3> {
        match &self.0 {
            Storage::Files(_) => None,
            Storage::S3(s3) => Some(s3),
        }
    }

    /// Begins a blob. It is there under its key once [`Writer::finish`] has returned, and not before.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn begin(&self, key: BlobKey, expected: Expected) -> Result<Writer, BlobError> {
        Ok(Writer(match &self.0 {
            Storage::Files(files) => WriterOf::Files(Box::new(files.begin(key, expected).await?)),
            Storage::S3(s3) => WriterOf::S3(Box::new(s3.begin(key, expected))),
        }))
    }

    /// Begins a block of an upload. The limit is for all blocks of the upload together.
    ///
    /// # Errors
    /// [`BlobError::TooManyBlocks`] past [`crate::MAX_BLOCKS`]; whatever the storage says.
    pub async fn begin_block(
        &self,
        key: UploadKey,
        id: BlockId,
        expected: Expected,
    ) -> Result<BlockWriter, BlobError> {
        Ok(BlockWriter(match &self.0 {
            Storage::Files(files) => {
                BlockOf::Files(Box::new(files.begin_block(key, id, expected).await?))
            }
            Storage::S3(s3) => BlockOf::S3(Box::new(s3.begin_block(key, id, expected).await?)),
        }))
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
        match &self.0 {
            Storage::Files(files) => files.assemble(key, list, limit, blob).await,
            Storage::S3(s3) => s3.assemble(key, list, limit, blob).await,
        }
    }

    /// Removes all that an upload has left: its blocks, and what was put into the storage itself. Blocks still under way
    /// in this process fail with [`BlobError::Ended`].
    ///
    /// # Errors
    /// When the storage refuses.
    pub async fn remove_blocks(&self, key: UploadKey) -> Result<(), BlobError> {
        match &self.0 {
            Storage::Files(files) => files.remove_blocks(key).await,
            Storage::S3(s3) => s3.remove_blocks(key).await,
        }
    }

    /// Opens a blob for reading. In files a blob that is open is read to its end although it is removed meanwhile.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when it is not there.
    pub async fn open_read(&self, key: BlobKey) -> Result<BlobReader, BlobError> {
        Ok(BlobReader(match &self.0 {
            Storage::Files(files) => ReaderOf::Files(files.open_read(key).await?),
            Storage::S3(s3) => ReaderOf::S3(s3.open_read(key).await?),
        }))
    }

    /// Where a blob lies, as [`Found::path`] says it.
    #[must_use]
    pub fn locate(&self, key: BlobKey) -> PathBuf {
        match &self.0 {
            Storage::Files(_) => Path::new("blobs").join(key.path()),
            Storage::S3(_) => PathBuf::from(key.object()),
        }
    }

    /// A blob as a file that another process can be given; from S3 it comes into an unnamed file first.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when it is not there.
    pub async fn open_file(&self, key: BlobKey) -> Result<File, BlobError> {
        match &self.0 {
            Storage::Files(files) => files.open_read(key).await?.into_file(),
            Storage::S3(_) => into_unnamed_file(self.open_read(key).await?).await,
        }
    }

    /// Removes the bytes of a blob; there may be none.
    ///
    /// # Errors
    /// When the storage refuses.
    pub async fn remove(&self, key: BlobKey) -> Result<(), BlobError> {
        match &self.0 {
            Storage::Files(files) => files.remove(key).await.map(drop),
            Storage::S3(s3) => s3.remove(key).await,
        }
    }

    /// How many bytes are free for the user that the server runs as; `None` where there is no end to it.
    ///
    /// # Errors
    /// When the file system does not say.
    pub fn free_space(&self) -> Result<Option<u64>, BlobError> {
        match &self.0 {
            Storage::Files(files) => files.free_space().map(Some),
            Storage::S3(_) => Ok(None),
        }
    }

    /// Whether the storage answers, for `readyz`.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn probe(&self) -> Result<(), BlobError> {
        match &self.0 {
            Storage::Files(files) => files.probe().await,
            Storage::S3(s3) => s3.probe().await,
        }
    }

    /// Lists everything in the storage, except what was moved aside, in no order and in little memory.
    ///
    /// What comes or goes meanwhile may be in it or not.
    #[must_use]
    pub fn list(&self) -> Listing {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let lister = match &self.0 {
            Storage::Files(files) => {
                let files = files.clone();
                let walk = move || match files.list() {
                    Ok(mut walk) => _ = walk.try_for_each(|found| sender.blocking_send(found)),
                    Err(error) => _ = sender.blocking_send(Err(error)),
                };
                spawn_blocking(walk).abort_handle()
            }
            Storage::S3(s3) => tokio::spawn(s3.clone().list(sender)).abort_handle(),
        };
        Listing::new(receiver, lister)
    }

    /// Moves something listed out of the way, into `aside`; says where it is now. A multipart upload cannot be moved,
    /// and is left to the sweeper: `None`.
    ///
    /// # Errors
    /// When it is not there any more, or cannot be moved.
    pub async fn set_aside(&self, found: &Found) -> Result<Option<PathBuf>, BlobError> {
        match &self.0 {
            Storage::Files(files) => {
                let (files, found) = (files.clone(), found.clone());
                let moved = spawn_blocking(move || files.set_aside(&found)).await;
                moved.map_err(stopped)?.map(Some)
            }
            Storage::S3(s3) => s3.set_aside(found).await,
        }
    }

    /// Removes something listed; says whether it was still there.
    ///
    /// # Errors
    /// When the storage refuses.
    pub async fn remove_found(&self, found: &Found) -> Result<bool, BlobError> {
        match &self.0 {
            Storage::Files(files) => {
                let (files, found) = (files.clone(), found.clone());
                spawn_blocking(move || files.remove_found(&found)).await.map_err(stopped)?
            }
            Storage::S3(s3) => s3.remove_found(found).await,
        }
    }
}

/// Copies a blob into a file without a name, which goes with its last user.
async fn into_unnamed_file(reader: BlobReader) -> Result<File, BlobError> {
    let what = "copying a blob into a file";
    let size = reader.size();
    let mut file =
        spawn_blocking(tempfile::tempfile).await.map_err(stopped)?.map_err(BlobError::io(what))?;
    let mut pieces = pin!(reader.stream(0..size));
    while let Some(piece) = pieces.try_next().await? {
        file = spawn_blocking(move || file.write_all(&piece).map(|()| file))
            .await
            .map_err(stopped)?
            .map_err(BlobError::io(what))?;
    }
    Ok(file)
}
