//! `bindery restore`: a backup becomes a data folder again.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::{Store, StoreError, StoreSettings, dump, migrate, organizations, previews};

use super::backup::{BLOBS, COMPLETE, DATABASE, LIST, make_empty};
use super::copy::{self, Copied};
use crate::commands::{open_blobs, open_store_patiently};
use crate::config::{DatabaseConfig, PlaceConfig};

/// Where the bytes of a backup are.
enum Bytes {
    /// In its own folder.
    Copied(Blobs),
    /// In the storage that is restored into: the backup only lists them.
    Stored,
}

impl Bytes {
    fn of(from: &Path) -> anyhow::Result<Self> {
        let folder = from.join(BLOBS);
        let (is_whole, is_list) = (from.join(COMPLETE).exists(), from.join(LIST).exists());
        if is_whole || (is_list && folder.exists()) {
            return Ok(Self::Copied(Blobs::open(&folder)?));
        }
        if is_list {
            return Ok(Self::Stored);
        }
        bail!("{} is no whole backup: it has neither {COMPLETE} nor {LIST}", from.display());
    }

    /// Makes sure that the storage has all that the database needs.
    async fn bring(
        &self,
        store: &Store,
        target: &Blobs,
        progress: impl FnMut(Copied),
    ) -> anyhow::Result<Copied> {
        match self {
            Self::Copied(source) => {
                if target.s3().is_some() && target.list().next().await?.is_some() {
                    bail!(
                        "the storage has objects below its prefix; name an empty prefix in --storage"
                    );
                }
                copy::copy_needed(store, source, target, progress).await
            }
            Self::Stored if target.s3().is_none() => bail!(
                "the backup has no bytes: put what {LIST} names into a folder {BLOBS} beside it, or name the S3 storage that has it in --storage"
            ),
            Self::Stored => copy::verify_needed(store, target, progress).await,
        }
    }
}

/// Brings a backup into a data folder that is empty or not there yet, verifying every digest.
///
/// # Errors
/// When the backup is not whole or damaged, or the data folder is not empty.
pub(crate) async fn restore(
    config: &PlaceConfig,
    from: &Path,
    progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    let bytes = Bytes::of(from)?;
    make_empty(&config.data_dir)?;
    if config.database != DatabaseConfig::Embedded {
        let restored = restore_rows(config, from, &bytes, progress).await;
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
    let copied = bytes.bring(&store, &open_blobs(config).await?, progress).await?;
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
    bytes: &Bytes,
    progress: impl FnMut(Copied),
) -> anyhow::Result<Copied> {
    let database = open_store_patiently(&config.store_settings()).await?;
    migrate::apply(&database).await.context("making the schema")?;
    // Before any bytes are copied for nothing.
    if !organizations::list(&database).await?.is_empty() {
        bail!("the database has organizations already: name an empty one");
    }
    let copy = open_copy(from, &config.data_dir).await?;
    let copied = bytes.bring(&copy, &open_blobs(config).await?, progress).await?;
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
