//! A throwaway database for each test.

use std::path::PathBuf;

use bindery_store::{Store, StoreLimits, StoreSettings, migrate};
use bindery_testkit::{PostgresDatabase, PostgresServer};
use tempfile::TempDir;

/// A database of its own, gone when it is dropped.
pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) settings: StoreSettings,
    place: Place,
}

enum Place {
    Folder(TempDir),
    #[expect(dead_code, reason = "held for its end")]
    Server(PostgresDatabase),
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
        let database = server().database();
        let settings = StoreSettings::Postgres { url: database.url() };
        let store = Store::open(&settings).await.unwrap();
        Self { store, settings, place: Place::Server(database) }
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

/// The suite's PostgreSQL server.
pub(crate) fn server() -> &'static PostgresServer {
    PostgresServer::shared(|url| {
        let settings = StoreSettings::Postgres { url: url.to_owned() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&settings).await.unwrap();
            migrate::migrate(&store).await.unwrap();
            store.close().await.unwrap();
        });
    })
}
