//! Tokens.

use std::time::Duration;

use super::Period;
use super::options::{ConfigError, options};
use crate::identity::{MAX_TOKEN_EXPIRY, SigningAlgorithm};

options! {
    /// Tokens.
    IdentityOptions {
        /// How long an access token lives, at most 24h [default: 1h]
        #[arg(value_name = "DURATION")]
        token_expiry: Period,
        /// How new tokens are signed: ES256 or RS256 [default: ES256]
        #[arg(value_name = "ALGORITHM")]
        signing_algorithm: SigningAlgorithm,
    }
}

/// Tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityConfig {
    /// How long an access token lives.
    pub token_expiry: Duration,
    /// How new tokens are signed.
    pub signing_algorithm: SigningAlgorithm,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            token_expiry: Duration::from_secs(3_600),
            signing_algorithm: SigningAlgorithm::default(),
        }
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
        if token_expiry > MAX_TOKEN_EXPIRY {
            return Err(ConfigError::new("token_expiry", "must be at most 24h"));
        }
        let signing_algorithm = options.signing_algorithm.unwrap_or(default.signing_algorithm);
        Ok(Self { token_expiry, signing_algorithm })
    }
}
