//! Where rows and bytes are: the settings that hold for every command.

use std::path::PathBuf;

/// Where rows and bytes are.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceConfig {
    /// The folder of the embedded database, the files and the lock.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: DatabaseConfig,
}

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// SQLite in the data dir.
    Embedded,
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://…`; may hold a password, so it is never logged.
        url: String,
    },
}

impl Default for PlaceConfig {
    fn default() -> Self {
        Self { data_dir: "./bindery-data".into(), database: DatabaseConfig::Embedded }
    }
}

impl PlaceConfig {
    /// The file of the embedded database.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("bindery.db")
    }

    /// The folder of the stored bytes.
    #[must_use]
    pub fn blobs_dir(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }

    /// The file that the running server holds locked.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("lock")
    }
}
