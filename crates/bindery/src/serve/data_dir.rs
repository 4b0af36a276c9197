//! The data dir of a server: made, and locked for as long as the server runs.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::{Context, bail};

use crate::config::PlaceConfig;

/// A locked data dir; unlocked when dropped, also by a crash.
#[derive(Debug)]
pub struct DataDir {
    _lock: File,
}

impl DataDir {
    /// Makes the folder unless it is there, or nothing would be kept in it; only its owner may look into it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(place: &PlaceConfig) -> anyhow::Result<()> {
        let dir = &place.data_dir;
        if !place.uses_data_dir() || dir.is_dir() {
            return Ok(());
        }
        make_durably(dir).with_context(|| {
            format!("cannot make the data dir {}; --data-dir takes another folder", dir.display())
        })
    }

    /// Locks the folder for this process.
    ///
    /// # Errors
    /// When another server holds it.
    pub fn lock(place: &PlaceConfig) -> anyhow::Result<Self> {
        let path = place.lock_file();
        let context = || format!("cannot open {}; the data dir must be writable", path.display());
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(context)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                _ = lock.read_to_string(&mut holder);
                let process = holder
                    .trim()
                    .parse::<u32>()
                    .map(|id| format!(" (process {id})"))
                    .unwrap_or_default();
                bail!(
                    "the data dir {} is in use by another server{process}; stop that one, or give this one another --data-dir",
                    place.data_dir.display()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        let write = |lock: &mut File| {
            lock.set_len(0)?;
            lock.rewind()?;
            writeln!(lock, "{}", std::process::id())
        };
        write(&mut lock).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { _lock: lock })
    }

    /// Whether there is an embedded database already.
    #[must_use]
    pub fn has_database(place: &PlaceConfig) -> bool {
        fs::metadata(place.database_file()).is_ok_and(|file| file.len() > 0)
    }
}

/// Makes a folder and those above it; their names survive a power cut.
fn make_durably(dir: &Path) -> io::Result<()> {
    let is_missing = |dir: &&Path| !dir.as_os_str().is_empty() && !dir.exists();
    let missing: Vec<_> = dir.ancestors().take_while(is_missing).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    for made in missing {
        let parent = made.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_on_the_same_data_is_refused_and_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = PlaceConfig { data_dir: folder.path().join("a/b"), ..PlaceConfig::default() };
        DataDir::make(&place).unwrap();
        let first = DataDir::lock(&place).unwrap();
        let refused = DataDir::lock(&place).unwrap_err().to_string();
        assert!(refused.contains(&format!("(process {})", std::process::id())), "{refused}");
        drop(first);
        DataDir::lock(&place).unwrap();
    }
}
