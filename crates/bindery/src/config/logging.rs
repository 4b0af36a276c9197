//! What is logged, and how.

use std::io::IsTerminal;
use std::str::FromStr;

use super::options::{ConfigError, options};

options! {
    /// What is logged, and how.
    LoggingOptions {
        /// How a log line on stderr looks: text for people, or json, one object a line [default: text]
        #[arg(global = true, value_name = "FORMAT")]
        log_format: LogFormat,
        /// What is logged: a level (error, warn, info, debug, trace), or directives as warn,bindery=debug [default: info]
        #[arg(global = true, value_name = "FILTER")]
        log_filter: String,
    }
}

/// What is logged, and how. Logs go to stderr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggingConfig {
    /// How a line looks.
    pub format: LogFormat,
    /// What is let through: `info`, or directives as `warn,bindery=debug`.
    pub filter: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LoggingConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".into() }
    }
}

impl LoggingConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When the filter cannot be read.
    pub fn resolve(options: LoggingOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let filter = options.log_filter.unwrap_or(default.filter);
        if let Err(error) = tracing_subscriber::EnvFilter::builder().parse(&filter) {
            return Err(ConfigError::new("log_filter", error.to_string()));
        }
        Ok(Self { format: options.log_format.unwrap_or(default.format), filter })
    }

    /// Whether lines are coloured.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        self.format == LogFormat::Text && std::io::stderr().is_terminal()
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{text}` is neither text nor json")),
        }
    }
}
