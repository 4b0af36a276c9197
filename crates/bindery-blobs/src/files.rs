//! Bytes in files below one folder.

pub(crate) mod blocks;
mod draft;
mod folders;
pub(crate) mod list;
mod pen;
pub(crate) mod reader;
mod sequence;
pub(crate) mod writer;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::error::stopped;
use crate::ledger::Ledgers;
use crate::{BlobError, BlobKey};
use folders::Folders;
use reader::FileReader;

/// The folders in which files come and go.
const FOLDERS: [&str; 3] = ["blobs", "incoming", "blocks"];

/// The folder of a server. Cheap to clone; one process at a time opens it for writing.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) root: PathBuf,
    pub(crate) folders: Folders,
    pub(crate) ledgers: Ledgers,
}

impl Files {
    /// Opens the folder, and makes it when it is not there; the folder above must exist.
    ///
    /// Blocks that an earlier run of the machine left are dropped: they are not synced, so a power cut may have
    /// hollowed them out.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub(crate) fn open(dir: &Path) -> Result<Self, BlobError> {
        folders::make_private(dir).map_err(BlobError::io("making the folder of stored bytes"))?;
        let inner = Inner {
            root: dir.to_path_buf(),
            folders: Folders::default(),
            ledgers: Ledgers::default(),
        };
        for part in FOLDERS {
            inner
                .folders
                .make(dir, Path::new(part))
                .map_err(BlobError::io("making the folder of stored bytes"))?;
        }
        blocks::drop_of_earlier_boot(&inner.blocks_folder())
            .map_err(BlobError::io("dropping old blocks"))?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Opens a blob for reading.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when it is not there.
    pub(crate) async fn open_read(&self, key: BlobKey) -> Result<FileReader, BlobError> {
        let path = self.inner.path(key);
        spawn_blocking(move || open_read(&path, key)).await.map_err(stopped)?
    }

    /// Removes the bytes of a blob; says whether there were any.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) async fn remove(&self, key: BlobKey) -> Result<bool, BlobError> {
        let path = self.inner.path(key);
        spawn_blocking(move || remove_file(&path)).await.map_err(stopped)?
    }

    /// How many bytes are free for the user that the server runs as.
    ///
    /// # Errors
    /// When the file system does not say.
    pub(crate) fn free_space(&self) -> Result<u64, BlobError> {
        let stat = rustix::fs::statvfs(&self.inner.root)
            .map_err(|error| BlobError::io("asking for the free space")(error.into()))?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Whether the storage takes and returns bytes, for `readyz`.
    ///
    /// # Errors
    /// What stands in the way.
    pub(crate) async fn probe(&self) -> Result<(), BlobError> {
        let blobs = self.clone();
        spawn_blocking(move || {
            let path = blobs.inner.incoming();
            let answer = fs::write(&path, b"probe")
                .and_then(|()| fs::read(&path))
                .map_err(BlobError::io("probing the storage"));
            let removed = remove_file(&path);
            if answer? != b"probe" {
                return Err(BlobError::Io {
                    what: "probing the storage",
                    source: io::Error::other("other bytes came back"),
                });
            }
            removed.map(|_| ())
        })
        .await
        .map_err(stopped)?
    }
}

impl Inner {
    pub(crate) fn path(&self, key: BlobKey) -> PathBuf {
        self.blobs_folder().join(key.path())
    }

    pub(crate) fn blobs_folder(&self) -> PathBuf {
        self.root.join("blobs")
    }

    pub(crate) fn blocks_folder(&self) -> PathBuf {
        self.root.join("blocks")
    }

    /// A new name for a file in the making.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.root.join("incoming").join(Uuid::new_v4().to_string())
    }

    /// Makes a file in the making, which only this user can read.
    pub(crate) fn create(&self) -> Result<(PathBuf, File), BlobError> {
        let path = self.incoming();
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        Ok((path, file.map_err(BlobError::io("making a file"))?))
    }
}

/// Removes a file; says whether it was there.
pub(crate) fn remove_file(path: &Path) -> Result<bool, BlobError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(BlobError::io("removing a file")(error)),
    }
}

fn open_read(path: &Path, key: BlobKey) -> Result<FileReader, BlobError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BlobError::Missing(key));
        }
        other => other.map_err(BlobError::io("opening a blob"))?,
    };
    let size = file.metadata().map_err(BlobError::io("opening a blob"))?.len();
    Ok(FileReader::new(file, size))
}
