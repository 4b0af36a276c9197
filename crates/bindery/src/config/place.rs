//! Where rows and bytes are: the settings that hold for every command.

use std::path::{Path, PathBuf};

use bindery_store::StoreSettings;

use super::options::{ConfigError, options};
use super::storage::StorageConfig;

options! {
    /// Where rows and bytes are.
    PlaceOptions {
        /// Folder of the embedded database and the stored files [default: ./bindery-data]
        #[arg(global = true, value_name = "DIR")]
        data_dir: PathBuf,
        /// Which PostgreSQL server.
        #[arg(help = "PostgreSQL server, as postgres://USER@HOST/DATABASE; the password comes better from PGPASSFILE or from --database-url-file [default: the embedded database]")]
        #[arg(global = true, value_name = "URL", hide_env_values = true)]
        database_url: String,
        /// File that holds the value of --database-url
        #[arg(global = true, value_name = "FILE", conflicts_with = "database_url")]
        database_url_file: PathBuf,
        /// Which storage of the bytes.
        #[arg(help = "Storage of the bytes, as s3://BUCKET/PREFIX?endpoint=…&region=…&path-style=true; credentials come from the usual AWS environment variables, profile or metadata [default: files in the data dir]")]
        #[arg(global = true, value_name = "URL", hide_env_values = true)]
        storage: String,
    }
}

/// Where rows and bytes are.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceConfig {
    /// The folder of the embedded database, the files and the lock.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: DatabaseConfig,
    /// Where the bytes are.
    pub storage: StorageConfig,
}

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// SQLite in the data dir.
    Embedded,
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://…`; may hold a password, so it is never logged.
        url: String,
    },
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Embedded => "Embedded",
            Self::Postgres { .. } => "Postgres",
        })
    }
}

impl Default for PlaceConfig {
    fn default() -> Self {
        Self {
            data_dir: "./bindery-data".into(),
            database: DatabaseConfig::Embedded,
            storage: StorageConfig::Files,
        }
    }
}

impl PlaceConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn resolve(options: PlaceOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let url = match (options.database_url, options.database_url_file) {
            (Some(url), _) => Some(url),
            (None, Some(file)) => Some(secret("database_url_file", &file)?),
            (None, None) => None,
        };
        let database = match url {
            None => default.database,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                DatabaseConfig::Postgres { url }
            }
            Some(_) => return Err(ConfigError::new("database_url", "must begin with postgres://")),
        };
        let storage = options.storage.as_deref().map(StorageConfig::parse).transpose();
        let storage = storage.map_err(|problem| ConfigError::new("storage", problem))?;
        let (data_dir, storage) =
            (options.data_dir.unwrap_or(default.data_dir), storage.unwrap_or(default.storage));
        Ok(Self { data_dir, database, storage })
    }

    /// What the store is opened with.
    #[must_use]
    pub fn store_settings(&self) -> StoreSettings {
        match &self.database {
            DatabaseConfig::Embedded => StoreSettings::Embedded { file: self.database_file() },
            DatabaseConfig::Postgres { url } => StoreSettings::Postgres { url: url.clone() },
        }
    }

    /// The file of the embedded database.
    #[must_use]
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("bindery.db")
    }

    /// The folder in which the stored bytes have theirs: `blobs`, `incoming`, `blocks`.
    #[must_use]
    pub fn blobs_dir(&self) -> PathBuf {
        self.data_dir.clone()
    }

    /// Whether anything is kept in the data dir. Servers that share both parts keep nothing of their own.
    #[must_use]
    pub fn uses_data_dir(&self) -> bool {
        self.database == DatabaseConfig::Embedded || self.storage == StorageConfig::Files
    }

    /// The file that the running server holds locked.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.data_dir.join("lock")
    }
}

fn secret(key: &'static str, file: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        ConfigError::new(key, format!("cannot read {}: {error}", file.display()))
    })?;
    Ok(text.trim().to_owned())
}
