//! Tokens.

use std::time::Duration;

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
