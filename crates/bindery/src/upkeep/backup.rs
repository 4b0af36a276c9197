//! `bindery backup`: a consistent copy while the server runs.
//!
//! First the database in one consistent copy, then the bytes that this copy needs. Bytes are never changed, and those
//! that die meanwhile stay: deletion waits an hour and for running backups.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::StoreSettings;

use super::copy::{self, Copied};
use crate::commands::{Place, open_store_patiently};

/// The database's name in a backup.
pub(super) const DATABASE: &str = "bindery.db";
/// The bytes' folder in a backup.
pub(super) const BLOBS: &str = "blobs";
/// The list of the bytes that a copy without bytes needs; written last into one.
pub(super) const LIST: &str = "blobs.txt";
const UNFINISHED_LIST: &str = "blobs.txt.part";
/// Written last: a backup that has it is whole.
pub(super) const COMPLETE: &str = "COMPLETE";

/// What goes into a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The database and the bytes that it needs.
    Everything,
    /// The database, and `blobs.txt` with the names of the bytes that it needs.
    DatabaseAndList,
}

/// Copies into a folder that is empty or not there yet.
///
/// # Errors
/// When the folder is not empty, a blob is damaged, or the disk is full. What was copied so far has no `COMPLETE` file, or
/// no `blobs.txt`.
pub(crate) async fn backup(
    place: &Place,
    to: &Path,
    content: Content,
    progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    make_empty(to)?;
    // Held by the database, so that every server that sweeps knows it.
    let _withheld = place.store.withhold_removal().await.context("announcing the backup")?;
    let database = to.join(DATABASE);
    place.store.backup_to(&database).await.context("copying the database")?;
    let copy = open_store_patiently(&StoreSettings::Embedded { file: database }).await?;
    let copied = match content {
        Content::Everything => {
            let blobs = Blobs::open(&to.join(BLOBS))?;
            copy::copy_needed(&copy, &place.blobs, &blobs, progress).await?
        }
        Content::DatabaseAndList => {
            copy::list_needed(&copy, &place.blobs, &to.join(UNFINISHED_LIST)).await?
        }
    };
    copy.close().await?;
    match content {
        Content::Everything => finish(to, copied)?,
        Content::DatabaseAndList => {
            fs::rename(to.join(UNFINISHED_LIST), to.join(LIST)).context("finishing the list")?;
            File::open(to)?.sync_all().context("finishing the list")?;
        }
    }
    Ok(copied)
}

/// Makes a folder that only this user can read, or takes one that is empty.
pub(super) fn make_empty(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("making {}", folder.display()))?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("{} is not empty; name an empty folder", folder.display());
    }
    Ok(())
}

fn finish(folder: &Path, copied: Copied) -> anyhow::Result<()> {
    let text = format!("blobs {}\nbytes {}\n", copied.blobs, copied.bytes);
    let file = folder.join(COMPLETE);
    fs::write(&file, text).context("finishing the backup")?;
    File::open(file)?.sync_all()?;
    File::open(folder)?.sync_all().context("finishing the backup")
}
