//! What a client may ask for.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use super::Period;
use super::options::{ConfigError, options};

options! {
    /// What a client may ask for.
    LimitsOptions {
        /// Calls under /api, for each client: a bucket of N that refills evenly over PERIOD [default: 60000/1m]
        #[arg(value_name = "N/PERIOD")]
        rate_limit: RateLimit,
    }
}

/// What a client may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Calls under `/api`, for each client.
    pub rate_limit: RateLimit,
}

/// A bucket of `calls` that refills evenly over `period`; written `60000/1m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// The size of the bucket.
    pub calls: NonZeroU32,
    /// How long an empty bucket takes to fill.
    pub period: Duration,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let calls = NonZeroU32::new(60_000).unwrap_or(NonZeroU32::MIN);
        Self { rate_limit: RateLimit { calls, period: Duration::from_secs(60) } }
    }
}

impl LimitsConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// Never; like the other groups.
    pub fn resolve(options: LimitsOptions) -> Result<Self, ConfigError> {
        Ok(options.rate_limit.map_or_else(Self::default, |rate_limit| Self { rate_limit }))
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (calls, period) = text.split_once('/')?;
            let period = period.trim().parse::<Period>().ok()?.0;
            (!period.is_zero()).then_some(())?;
            Some(Self { calls: calls.trim().parse().ok()?, period })
        };
        read().ok_or_else(|| {
            format!("`{text}` is no rate; write a number and a duration, as 60000/1m")
        })
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.calls, Period(self.period))
    }
}
