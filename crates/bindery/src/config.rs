//! The settings, each group in a file of its own.

mod identity;
mod limits;
mod logging;
mod place;
mod server;
mod transfer;
mod units;

pub use identity::IdentityConfig;
pub use limits::{LimitsConfig, RateLimit};
pub use logging::{LogFormat, LoggingConfig};
pub use place::{DatabaseConfig, PlaceConfig};
pub use server::{ServerConfig, TlsFiles};
pub use transfer::{DirectOrProxied, TransferConfig};
pub use units::{Period, Size};

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
    /// What is logged, and how.
    pub logging: LoggingConfig,
}
