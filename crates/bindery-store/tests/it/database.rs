//! A throwaway database for each test.

use std::path::PathBuf;

use bindery_store::{Store, StoreLimits, StoreSettings, migrate};
use tempfile::TempDir;

use crate::postgres_server::server;

/// A database of its own, gone when it is dropped.
pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) settings: StoreSettings,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Server(String),
}

impl TestDatabase {
    /// An SQLite file with the present schema.
    pub(crate) async fn sqlite() -> Self {
        let place = tempfile::tempdir().unwrap();
        let settings = StoreSettings::Embedded { file: place.path().join("bindery.db") };
        let store = Store::open(&settings).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        Self { store, settings, place: Place::Folder(place) }
    }

    /// A PostgreSQL database with the present schema.
    pub(crate) async fn postgres() -> Self {
        let name = server().create("migrated").await;
        let settings = StoreSettings::Postgres { url: server().url(&name) };
        let store = Store::open(&settings).await.unwrap();
        Self { store, settings, place: Place::Server(name) }
    }

    /// Another handle on the same database, as another process would have.
    pub(crate) async fn second(&self) -> Store {
        Store::open(&self.settings).await.unwrap()
    }

    /// Another handle, with limits of its own.
    pub(crate) async fn limited(&self, limits: StoreLimits) -> Store {
        Store::open_with(&self.settings, limits).await.unwrap()
    }

    /// A path beside an SQLite file.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.path().join(name),
            Place::Server(_) => panic!("a PostgreSQL database is not in a folder of ours"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server(name) = &self.place {
            server().drop_database(name.clone());
        }
    }
}
