//! `bindery restore`: a backup becomes a data folder again.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::{Store, StoreError, StoreSettings, dump, migrate, organizations, previews};

use super::backup::{BLOBS, COMPLETE, DATABASE, make_empty};
use super::copy::{self, Copied};
use crate::commands::{open_blobs, open_store_patiently};
use crate::config::{DatabaseConfig, PlaceConfig};

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
    if config.database != DatabaseConfig::Embedded {
        let restored = restore_rows(config, from, progress).await;
        for leftover in ["restoring.db", "restoring.db-wal", "restoring.db-shm"] {
            let _ = fs::remove_file(config.data_dir.join(leftover));
        }
        if !config.uses_data_dir() {
            // It served as a place to work in; one that is a mount of somebody's stays.
            let _ = fs::remove_dir(&config.data_dir);
        }
        return restored;
    }
    // The database comes last under its name: a restore that broke off leaves no database that a server would open.
    let unfinished = config.data_dir.join("restoring.db");
    fs::copy(from.join(DATABASE), &unfinished).context("copying the database")?;
    let store = open_store_patiently(&StoreSettings::Embedded { file: unfinished.clone() }).await?;
    let (source, target) = (Blobs::open(&from.join(BLOBS))?, open_blobs(config).await?);
    if target.s3().is_some() && target.list().next().await?.is_some() {
        bail!("the storage has objects below its prefix; name an empty prefix in --storage");
    }
    let copied = copy::copy_needed(&store, &source, &target, progress).await?;
    forget_pictures(&store).await.context("forgetting pictures that a backup leaves out")?;
    dump::fill_search(&store).await.context("making the search tables")?;
    store.close().await?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, config.database_file()).context("finishing the restore")?;
    for leftover in ["restoring.db-wal", "restoring.db-shm"] {
        let _ = fs::remove_file(config.data_dir.join(leftover));
    }
    fs::File::open(&config.data_dir)?.sync_all()?;
    Ok(copied)
}

/// Bytes first, then rows, those that make all others reachable last: a restore that broke off serves nobody.
async fn restore_rows(
    config: &PlaceConfig,
    from: &Path,
    progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    let database = open_store_patiently(&config.store_settings()).await?;
    migrate::apply(&database).await.context("making the schema")?;
    // Before any bytes are copied for nothing.
    if !organizations::list(&database).await?.is_empty() {
        bail!("the database has organizations already: name an empty one");
    }
    let copy = open_copy(from, &config.data_dir).await?;
    let (source, target) = (Blobs::open(&from.join(BLOBS))?, open_blobs(config).await?);
    if target.s3().is_some() && target.list().next().await?.is_some() {
        bail!("the storage has objects below its prefix; name an empty prefix in --storage");
    }
    let copied = copy::copy_needed(&copy, &source, &target, progress).await?;
    database.restore_from(&copy).await.context("copying the rows")?;
    dump::fill_search(&database).await.context("making the search tables")?;
    copy.close().await?;
    database.close().await?;
    Ok(copied)
}

/// Opens a copy of the backup's database: the backup itself stays as it is.
async fn open_copy(from: &Path, folder: &Path) -> anyhow::Result<Store> {
    let file = folder.join("restoring.db");
    fs::copy(from.join(DATABASE), &file).context("copying the database")?;
    open_store_patiently(&StoreSettings::Embedded { file }).await
}

/// A backup leaves pictures out: the server makes them again.
async fn forget_pictures(store: &Store) -> Result<(), StoreError> {
    for organization in organizations::list(store).await? {
        let scope = organization.scope();
        let forget = move |tx| async move { previews::forget_all(&tx, &scope).await };
        store.write::<_, _, _, StoreError>(forget).await?;
    }
    Ok(())
}
