//! Previews.

use std::thread::available_parallelism;

use super::options::{ConfigError, options};

options! {
    /// Previews.
    PreviewOptions {
        /// How many previews this server makes at once; 0 leaves them to other servers, or until later [default: half the processor's cores, at least 1]
        #[arg(value_name = "N")]
        preview_workers: usize,
    }
}

/// More workers than this are a slip of the hand.
const MOST: usize = 256;

/// Previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewConfig {
    /// How many are made at once.
    pub workers: usize,
}

impl Default for PreviewConfig {
    fn default() -> Self {
        Self { workers: (available_parallelism().map_or(1, Into::into) / 2).max(1) }
    }
}

impl PreviewConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn resolve(options: PreviewOptions) -> Result<Self, ConfigError> {
        let workers = options.preview_workers.unwrap_or(Self::default().workers);
        if workers > MOST {
            return Err(ConfigError::new("preview_workers", format!("must be at most {MOST}")));
        }
        Ok(Self { workers })
    }
}
