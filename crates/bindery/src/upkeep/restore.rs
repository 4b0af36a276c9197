//! `bindery restore`: a backup becomes a data folder again.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::StoreSettings;

use super::backup::{BLOBS, COMPLETE, DATABASE, make_empty};
use super::copy::{self, Copied};
use crate::commands::{open_blobs, open_store_patiently};
use crate::config::PlaceConfig;

/// Copies a backup into a data folder that is empty or not there yet, verifying every digest.
///
/// # Errors
/// When the backup is not whole or damaged, or the data folder is not empty.
pub(crate) async fn restore(
    config: &PlaceConfig,
    from: &Path,
    progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    if !from.join(COMPLETE).exists() {
        bail!("{} is no whole backup: it has no file {COMPLETE}", from.display());
    }
    make_empty(&config.data_dir)?;
    // The database comes last under its name: a restore that broke off leaves no database that a server would open.
    let unfinished = config.data_dir.join("restoring.db");
    fs::copy(from.join(DATABASE), &unfinished).context("copying the database")?;
    let store = open_store_patiently(&StoreSettings::Embedded { file: unfinished.clone() }).await?;
    let (source, target) = (Blobs::open(&from.join(BLOBS))?, open_blobs(config).await?);
    if target.s3().is_some() && target.list().next().await?.is_some() {
        bail!("the storage has objects below its prefix; name an empty prefix in --storage");
    }
    let copied = copy::copy_needed(&store, &source, &target, progress).await?;
    store.close().await?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, config.database_file()).context("finishing the restore")?;
    for leftover in ["restoring.db-wal", "restoring.db-shm"] {
        let _ = fs::remove_file(config.data_dir.join(leftover));
    }
    fs::File::open(&config.data_dir)?.sync_all()?;
    Ok(copied)
}
