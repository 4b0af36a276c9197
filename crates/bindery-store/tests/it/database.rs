//! A throwaway database for each test.

use std::path::PathBuf;

use bindery_store::{Store, StoreLimits, StoreSettings};
use tempfile::TempDir;

/// A database with the present schema, gone when it is dropped.
pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) settings: StoreSettings,
    _place: TempDir,
}

impl TestDatabase {
    pub(crate) async fn sqlite() -> Self {
        let database = Self::empty_sqlite().await;
        bindery_store::migrate::migrate(&database.store).await.unwrap();
        database
    }

    /// A database without a schema.
    pub(crate) async fn empty_sqlite() -> Self {
        let place = tempfile::tempdir().unwrap();
        let settings = StoreSettings::Embedded { file: place.path().join("bindery.db") };
        let store = Store::open(&settings).await.unwrap();
        Self { store, settings, _place: place }
    }

    /// Another handle on the same database, as another process would have.
    pub(crate) async fn second(&self) -> Store {
        Store::open(&self.settings).await.unwrap()
    }

    /// Another handle, with limits of its own.
    pub(crate) async fn limited(&self, limits: StoreLimits) -> Store {
        Store::open_with(&self.settings, limits).await.unwrap()
    }

    /// A path beside the database that nothing is at.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self._place.path().join(name)
    }
}
