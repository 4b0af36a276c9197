//! Where the database of a test is.

use bindery_testkit::{PostgresDatabase, PostgresServer};
use tempfile::TempDir;

use crate::{Store, StoreSettings, migrate};

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

/// Goes when the test ends.
pub(super) enum Place {
    #[expect(dead_code, reason = "held for its end")]
    Folder(TempDir),
    #[expect(dead_code, reason = "held for its end")]
    Server(PostgresDatabase),
}

impl Engine {
    /// A database of the present schema.
    pub(super) async fn open(self) -> (Store, Place) {
        let (settings, place) = match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("bindery.db");
                (StoreSettings::Embedded { file }, Place::Folder(folder))
            }
            Self::Postgres => {
                let database = PostgresServer::shared(migrate_template).database();
                (StoreSettings::Postgres { url: database.url() }, Place::Server(database))
            }
        };
        let store = Store::open(&settings).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        (store, place)
    }
}

fn migrate_template(url: &str) {
    let settings = StoreSettings::Postgres { url: url.to_owned() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&settings).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        store.close().await.unwrap();
    });
}
