//! Previews.

use std::path::PathBuf;
use std::thread::available_parallelism;

use super::options::{ConfigError, options};

options! {
    /// Previews.
    PreviewOptions {
        /// How many previews this server makes at once; 0 leaves them to other servers, or until later [default: half the processor's cores, at least 1]
        #[arg(value_name = "N")]
        preview_workers: usize,
        /// LibreOffice, usually /usr/bin/soffice, for previews of Office files that carry none themselves [default: none]
        #[arg(value_name = "FILE")]
        preview_office: PathBuf,
    }
}

/// More workers than this are a slip of the hand.
const MOST: usize = 256;

/// Previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewConfig {
    /// How many are made at once.
    pub workers: usize,
    /// LibreOffice, where Office files are to be converted.
    pub office: Option<PathBuf>,
}

impl Default for PreviewConfig {
    fn default() -> Self {
        let workers = (available_parallelism().map_or(1, Into::into) / 2).max(1);
        Self { workers, office: None }
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
        if let Some(file) = options.preview_office.as_ref().filter(|file| !file.is_file()) {
            let problem = format!("there is no file {}", file.display());
            return Err(ConfigError::new("preview_office", problem));
        }
        Ok(Self { workers, office: options.preview_office })
    }
}
