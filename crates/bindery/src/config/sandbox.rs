//! Demonstration organizations for visitors.

use std::num::NonZeroU32;
use std::time::Duration;

use super::options::{ConfigError, options};
use super::{Period, RateLimit, Size};

options! {
    /// Demonstration organizations for visitors.
    SandboxOptions {
        /// Give every visitor who asks a demonstration organization of their own for a while; without a token, so read docs/operations.md before doing this on a public host [default: false]
        #[arg(value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = clap::builder::BoolishValueParser::new())]
        sandbox: bool,
        /// How long such an organization lives [default: 1d]
        #[arg(value_name = "DURATION")]
        sandbox_expiry: Period,
        /// How many of them there are at once; later visitors wait [default: 100]
        #[arg(value_name = "N")]
        sandbox_max: u32,
        /// How much one of them may store, its examples included [default: 200MiB]
        #[arg(value_name = "SIZE")]
        sandbox_storage: Size,
        /// How many an address may make, and how often one may be reset: N that refill evenly over PERIOD [default: 20/1h]
        #[arg(value_name = "N/PERIOD")]
        sandbox_rate: RateLimit,
    }
}

/// Demonstration organizations for visitors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxConfig {
    /// Whether visitors may make them.
    pub is_offered: bool,
    /// How long one lives.
    pub expiry: Duration,
    /// How many there are at once.
    pub most: u32,
    /// How much one may store, its examples included.
    pub storage_bytes: u64,
    /// How many an address may make, and how often one may be reset.
    pub rate: RateLimit,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        let calls = NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN);
        Self {
            is_offered: false,
            expiry: Duration::from_secs(86_400),
            most: 100,
            storage_bytes: 200 << 20,
            rate: RateLimit { calls, period: Duration::from_secs(3_600) },
        }
    }
}

impl SandboxConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn resolve(options: SandboxOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let config = Self {
            is_offered: options.sandbox.unwrap_or(default.is_offered),
            expiry: options.sandbox_expiry.map_or(default.expiry, |period| period.0),
            most: options.sandbox_max.unwrap_or(default.most),
            storage_bytes: options.sandbox_storage.map_or(default.storage_bytes, |size| size.0),
            rate: options.sandbox_rate.unwrap_or(default.rate),
        };
        if config.expiry.is_zero() {
            return Err(ConfigError::new("sandbox_expiry", "must be at least 1s"));
        }
        if config.most == 0 {
            return Err(ConfigError::new("sandbox_max", "must be at least 1"));
        }
        Ok(config)
    }
}
