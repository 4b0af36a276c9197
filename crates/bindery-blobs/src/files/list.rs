//! Walking through the files of the storage.

use std::fs::{self, ReadDir};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{FOLDERS, Files, folders, remove_file};
use crate::{BlobError, BlobKey, Found, FoundKind, UploadKey};

/// Walks through the files of the storage, folder by folder. See [`Files::list`].
#[derive(Debug)]
pub(crate) struct Walk {
    root: PathBuf,
    folders: Vec<ReadDir>,
}

impl Files {
    /// Lists every file of the storage, except those that were moved aside, in no order and in little memory.
    ///
    /// Files that come or go meanwhile may be in it or not. It blocks: call it on a thread that may.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn list(&self) -> Result<Walk, BlobError> {
        // Only our own folders: the database may lie beside them.
        let root = self.inner.root.clone();
        let folders: Result<_, _> =
            FOLDERS.iter().map(|folder| fs::read_dir(root.join(folder))).collect();
        Ok(Walk { root, folders: folders.map_err(BlobError::io("listing stored bytes"))? })
    }

    /// Moves a listed file out of the way, into `aside`; says where it is now.
    ///
    /// # Errors
    /// When it is not there any more, or cannot be moved.
    pub(crate) fn set_aside(&self, found: &Found) -> Result<PathBuf, BlobError> {
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
    pub(crate) fn remove_found(&self, found: &Found) -> Result<bool, BlobError> {
        remove_file(&self.inner.root.join(&found.path))
    }
}

impl Iterator for Walk {
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
                multipart: None,
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
