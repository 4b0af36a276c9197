//! Opening the place that a command works on.

use std::time::Duration;

use anyhow::{Context, bail};
use bindery_blobs::Blobs;
use bindery_store::{Store, StoreLimits, StoreSettings, migrate};

use crate::config::{Config, DatabaseConfig, PlaceConfig, StorageConfig};
use crate::serve::DataDir;

/// How long a statement of a command may take that reads everything.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Rows and bytes of a place.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
}

/// Opens a place that exists, with a schema of this version.
///
/// # Errors
/// When there is none, or its schema is older or newer.
pub(crate) async fn open(config: &Config) -> anyhow::Result<Place> {
    let place = &config.place;
    if place.database == DatabaseConfig::Embedded && !DataDir::has_database(place) {
        bail!(
            "there is no database in {}; --data-dir names another folder, `bindery provision FILE` makes a new one",
            place.data_dir.display()
        );
    }
    let opened = connect(place).await?;
    if !migrate::status(&opened.store).await?.pending.is_empty() {
        bail!("the schema of the database is of an older version; run `bindery migrate` first");
    }
    Ok(opened)
}

/// Opens a place that exists for a command that reads everything: its statements may take long.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_patiently(config: &Config) -> anyhow::Result<Place> {
    let Place { store, blobs } = open(config).await?;
    store.close().await?;
    Ok(Place { store: open_store_patiently(&config.place.store_settings()).await?, blobs })
}

/// Opens a database whose statements may take long.
///
/// # Errors
/// When it cannot be opened.
pub(crate) async fn open_store_patiently(settings: &StoreSettings) -> anyhow::Result<Store> {
    let limits = StoreLimits { statement: PATIENCE, search: PATIENCE, ..StoreLimits::default() };
    Store::open_with(settings, limits).await.context("opening the database")
}

/// Opens a place, and makes an empty one when there is none.
///
/// # Errors
/// When it cannot be made, or its schema is older or newer.
pub(crate) async fn open_or_make(config: &Config) -> anyhow::Result<Place> {
    let is_there =
        config.place.database != DatabaseConfig::Embedded || DataDir::has_database(&config.place);
    if is_there {
        let opened = connect(&config.place).await?;
        let status = migrate::status(&opened.store).await?;
        if status.version != 0 {
            return open(config).await;
        }
    }
    let opened = connect(&config.place).await?;
    migrate::apply(&opened.store).await.context("making the database")?;
    Ok(opened)
}

/// Opens a place as it is, and makes its folder when there is none.
///
/// # Errors
/// When the folder or the database cannot be opened.
pub(crate) async fn connect(place: &PlaceConfig) -> anyhow::Result<Place> {
    DataDir::make(place)?;
    let store =
        Store::open(&place.store_settings()).await.with_context(|| match &place.database {
            DatabaseConfig::Embedded => {
                format!("cannot open the database {}", place.database_file().display())
            }
            DatabaseConfig::Postgres { .. } => {
                "cannot reach the PostgreSQL server of --database-url".to_owned()
            }
        })?;
    Ok(Place { store, blobs: open_blobs(place).await? })
}

/// Opens the storage of a place.
///
/// # Errors
/// When the folder cannot be made, or the settings of an S3 storage cannot be used.
pub(crate) async fn open_blobs(place: &PlaceConfig) -> anyhow::Result<Blobs> {
    match &place.storage {
        StorageConfig::Files => Blobs::open(&place.blobs_dir()).with_context(|| {
            format!("cannot open the stored files in {}", place.blobs_dir().display())
        }),
        StorageConfig::S3(settings) => {
            Blobs::connect(settings).await.context("opening the storage")
        }
    }
}
