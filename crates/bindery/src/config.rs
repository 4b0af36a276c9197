//! The settings: each group in a file of its own, each key as a flag, in the environment and in a file.

mod file;
mod identity;
mod limits;
mod logging;
mod options;
mod place;
mod previews;
mod sandbox;
mod server;
mod storage;
mod transfer;
mod units;
mod url;

pub use file::{FileError, SettingsFile};
pub use identity::{IdentityConfig, IdentityOptions};
pub use limits::{LimitsConfig, LimitsOptions, RateLimit};
pub use logging::{LogFormat, LoggingConfig, LoggingOptions};
pub use options::{ConfigError, List};
pub use place::{DatabaseConfig, PlaceConfig, PlaceOptions};
pub use previews::{PreviewConfig, PreviewOptions};
pub use sandbox::{SandboxConfig, SandboxOptions};
pub use server::{ServerConfig, ServerOptions, TlsFiles};
pub use storage::StorageConfig;
pub use transfer::{DirectOrProxied, TransferConfig, TransferOptions};
pub use units::{Period, Size};
pub use url::{BaseUrl, Origin};

/// All settings of a server, valid as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Where rows and bytes are.
    pub place: PlaceConfig,
    /// How the server is reached.
    pub server: ServerConfig,
    /// Uploads and downloads.
    pub transfer: TransferConfig,
    /// Tokens.
    pub identity: IdentityConfig,
    /// What a client may ask for.
    pub limits: LimitsConfig,
    /// Demonstration organizations for visitors.
    pub sandbox: SandboxConfig,
    /// Previews.
    pub previews: PreviewConfig,
    /// What is logged, and how.
    pub logging: LoggingConfig,
}

/// The options that only a server has.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ServeOptions {
    /// How the server is reached.
    #[command(flatten)]
    pub server: ServerOptions,
    /// Uploads and downloads.
    #[command(flatten)]
    pub transfer: TransferOptions,
    /// Tokens.
    #[command(flatten)]
    pub identity: IdentityOptions,
    /// What a client may ask for.
    #[command(flatten)]
    pub limits: LimitsOptions,
    /// Demonstration organizations for visitors.
    #[command(flatten)]
    pub sandbox: SandboxOptions,
    /// Previews.
    #[command(flatten)]
    pub previews: PreviewOptions,
}

/// The options that every command has.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CommonOptions {
    /// Where rows and bytes are.
    #[command(flatten)]
    pub place: PlaceOptions,
    /// What is logged, and how.
    #[command(flatten)]
    pub logging: LoggingOptions,
}

impl Config {
    /// Every key that a settings file may have.
    #[must_use]
    pub fn keys() -> Vec<&'static str> {
        let groups = [
            PlaceOptions::KEYS,
            ServerOptions::KEYS,
            TransferOptions::KEYS,
            IdentityOptions::KEYS,
            LimitsOptions::KEYS,
            SandboxOptions::KEYS,
            PreviewOptions::KEYS,
            LoggingOptions::KEYS,
        ];
        groups.concat()
    }

    /// Makes the settings of what the command line and the environment gave, and of the file.
    ///
    /// # Errors
    /// When a value cannot be used; names the key.
    pub fn resolve(
        common: CommonOptions,
        serve: ServeOptions,
        file: &SettingsFile,
    ) -> Result<Self, ConfigError> {
        let config = Self {
            place: PlaceConfig::resolve(common.place.or_file(file)?)?,
            server: ServerConfig::resolve(serve.server.or_file(file)?)?,
            transfer: TransferConfig::resolve(serve.transfer.or_file(file)?)?,
            identity: IdentityConfig::resolve(serve.identity.or_file(file)?)?,
            limits: LimitsConfig::resolve(serve.limits.or_file(file)?)?,
            sandbox: SandboxConfig::resolve(serve.sandbox.or_file(file)?)?,
            previews: PreviewConfig::resolve(serve.previews.or_file(file)?)?,
            logging: LoggingConfig::resolve(common.logging.or_file(file)?)?,
        };
        config.transfer.check_storage(&config.place.storage)?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
