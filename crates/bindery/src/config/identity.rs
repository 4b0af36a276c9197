//! Tokens.

use std::time::Duration;

use super::Period;
use super::options::{ConfigError, options};

options! {
    /// Tokens.
    IdentityOptions {
        /// How long an access token lives [default: 1h]
        #[arg(value_name = "DURATION")]
        token_expiry: Period,
    }
}

/// Tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityConfig {
    /// How long an access token lives.
    pub token_expiry: Duration,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self { token_expiry: Duration::from_secs(3_600) }
    }
}

impl IdentityConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn resolve(options: IdentityOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let token_expiry = options.token_expiry.map_or(default.token_expiry, |period| period.0);
        if token_expiry.is_zero() {
            return Err(ConfigError::new("token_expiry", "must be at least 1s"));
        }
        Ok(Self { token_expiry })
    }
}
