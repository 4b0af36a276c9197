//! Folders that survive a power cut.

use std::collections::HashSet;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How many folders are remembered before starting over: some megabytes.
const REMEMBERED: usize = 20_000;

/// Makes folders below a root, and remembers which of them are known to be on the disk.
///
/// That a folder exists does not mean that it is durable: another thread, or a process before this one, may have
/// made it a moment ago. So each is synced once by each process, by the first that needs it.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    durable: Mutex<HashSet<PathBuf>>,
}

impl Folders {
    /// Makes a folder and those above it, up to the root, which must exist. All are on the disk afterwards.
    pub(crate) fn make(&self, root: &Path, folder: &Path) -> io::Result<()> {
        let mut parent = root.to_path_buf();
        for part in folder.components() {
            let path = parent.join(part);
            if !self.lock().contains(&path) {
                make_private(&path)?;
                sync(&parent)?;
                let mut durable = self.lock();
                if durable.len() >= REMEMBERED {
                    durable.clear();
                }
                durable.insert(path.clone());
            }
            parent = path;
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes one folder that only this user can open; one that exists is fine.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Puts the entries of a folder on the disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
