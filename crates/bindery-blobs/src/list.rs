//! Everything that lies in the storage, for the sweeper and for `bindery check`.

use std::fs::{self, ReadDir};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::blobs::FOLDERS;
use crate::{BlobError, BlobKey, Blobs, UploadKey, folders};

/// A file in the storage.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Where it is, below the folder of stored bytes.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written to.
    pub modified: SystemTime,
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

/// Walks through the files of the storage, folder by folder. See [`Blobs::list`].
#[derive(Debug)]
pub struct Listing {
    root: PathBuf,
    folders: Vec<ReadDir>,
}

impl Blobs {
    /// Lists every file of the storage, except those that were moved aside, in no order and in little memory.
    ///
    /// Files that come or go meanwhile may be in it or not. It blocks: call it on a thread that may.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Listing, BlobError> {
        // Only our own folders: the database may lie beside them.
        let root = self.inner.root.clone();
        let folders: Result<_, _> =
            FOLDERS.iter().map(|folder| fs::read_dir(root.join(folder))).collect();
        Ok(Listing { root, folders: folders.map_err(BlobError::io("listing stored bytes"))? })
    }

    /// Moves a listed file out of the way, into `aside`; says where it is now.
    ///
    /// # Errors
    /// When it is not there any more, or cannot be moved.
    pub fn set_aside(&self, found: &Found) -> Result<PathBuf, BlobError> {
        let what = "moving a file aside";
        let inner = &self.inner;
        let to = Path::new("aside").join(&found.path);
        let folder = to.parent().unwrap_or(Path::new("aside"));
        inner.folders.make(&inner.root, folder).map_err(BlobError::io(what))?;
        fs::rename(inner.root.join(&found.path), inner.root.join(&to))
            .map_err(BlobError::io(what))?;
        folders::sync(&inner.root.join(folder)).map_err(BlobError::io(what))?;
        Ok(inner.root.join(to))
    }

    /// Removes a listed file; says whether it was still there.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn remove_found(&self, found: &Found) -> Result<bool, BlobError> {
        crate::blobs::remove_file(&self.inner.root.join(&found.path))
    }
}

impl Iterator for Listing {
    type Item = Result<Found, BlobError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let entry = match self.folders.last_mut()?.next() {
                None => {
                    self.folders.pop();
                    continue;
                }
                Some(Err(error)) => return Some(Err(BlobError::io("listing stored bytes")(error))),
                Some(Ok(entry)) => entry,
            };
            // A file that goes away under the listing is no error: uploads end all the time.
            let (Ok(metadata), path) = (entry.metadata(), entry.path()) else { continue };
            let Ok(relative) = path.strip_prefix(&self.root) else { continue };
            if metadata.is_dir() {
                self.folders.extend(fs::read_dir(&path));
                continue;
            }
            let Some(kind) = kind(relative) else { continue };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            return Some(Ok(Found {
                kind,
                path: relative.to_path_buf(),
                size: metadata.len(),
                modified,
            }));
        }
    }
}

/// What a file is by its path; `None` for the storage's own marks.
fn kind(path: &Path) -> Option<FoundKind> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    let Some(parts) = parts else { return Some(FoundKind::Foreign) };
    let found = match parts.as_slice() {
        ["blocks", "boot"] => return None,
        ["blobs", rest @ ..] => BlobKey::from_parts(rest).map(FoundKind::Blob),
        ["incoming", _] => Some(FoundKind::Incoming),
        ["blocks", rest @ ..] => UploadKey::from_parts(rest).map(FoundKind::Block),
        _ => None,
    };
    Some(found.unwrap_or(FoundKind::Foreign))
}
