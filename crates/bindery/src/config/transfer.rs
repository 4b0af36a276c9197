//! Uploads and downloads.

use std::str::FromStr;
use std::time::Duration;

use super::options::{ConfigError, options};
use super::url::BaseUrl;
use super::{Period, Size, StorageConfig};

/// Multipart uploads have at most 10,000 parts, which are kept at 32 MiB.
const LARGEST_IN_S3: u64 = 312 << 30;

/// A signature of version 4 is good for a week at most.
const LONGEST_SIGNED: Duration = Duration::from_secs(7 * 24 * 3_600);

options! {
    /// Uploads and downloads.
    TransferOptions {
        /// Address of a host of its own for stored bytes [default: the public URL]
        #[arg(value_name = "URL")]
        storage_public_url: BaseUrl,
        /// With less free space than this in the data dir uploads are refused [default: 1GiB]
        #[arg(value_name = "SIZE")]
        min_free: Size,
        /// Largest file that is taken [default: 5GiB]
        #[arg(value_name = "SIZE")]
        max_upload_size: Size,
        /// How long an upload URL may be begun, and how long received bytes wait for their commit [default: 1h]
        #[arg(value_name = "DURATION")]
        upload_expiry: Period,
        /// How long a download URL works [default: 5m]
        #[arg(value_name = "DURATION")]
        download_expiry: Period,
        /// With S3: upload URLs point at this server (proxied) or at the storage itself (direct) [default: proxied]
        #[arg(value_name = "WAY")]
        upload_access: DirectOrProxied,
        /// With S3: download URLs point at the storage itself (direct) or at this server (proxied) [default: direct]
        #[arg(value_name = "WAY")]
        download_access: DirectOrProxied,
    }
}

/// Uploads and downloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferConfig {
    /// A host of its own for stored bytes; the public URL when none is given.
    pub storage_public_url: Option<String>,
    /// Less free space than this in the data dir, and uploads are refused.
    pub min_free_bytes: u64,
    /// The largest file that is taken.
    pub max_upload_bytes: u64,
    /// How long an upload URL may be begun, and how long received bytes wait for their commit.
    pub upload_expiry: Duration,
    /// How long a download URL works.
    pub download_expiry: Duration,
    /// With S3: whether uploads go through this server.
    pub upload_access: DirectOrProxied,
    /// With S3: whether downloads go through this server.
    pub download_access: DirectOrProxied,
}

/// Who moves the bytes, with S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectOrProxied {
    /// URLs point at the storage itself.
    Direct,
    /// URLs point at this server.
    Proxied,
}

impl Default for TransferConfig {
    fn default() -> Self {
        Self {
            storage_public_url: None,
            min_free_bytes: 1 << 30,
            max_upload_bytes: 5 << 30,
            upload_expiry: Duration::from_secs(3_600),
            download_expiry: Duration::from_secs(300),
            upload_access: DirectOrProxied::Proxied,
            download_access: DirectOrProxied::Direct,
        }
    }
}

impl TransferConfig {
    /// Makes the settings of what was given.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn resolve(options: TransferOptions) -> Result<Self, ConfigError> {
        let default = Self::default();
        let config = Self {
            storage_public_url: options.storage_public_url.map(|url| url.as_str().to_owned()),
            min_free_bytes: options.min_free.map_or(default.min_free_bytes, |size| size.0),
            max_upload_bytes: options
                .max_upload_size
                .map_or(default.max_upload_bytes, |size| size.0),
            upload_expiry: options.upload_expiry.map_or(default.upload_expiry, |period| period.0),
            download_expiry: options
                .download_expiry
                .map_or(default.download_expiry, |period| period.0),
            upload_access: options.upload_access.unwrap_or(default.upload_access),
            download_access: options.download_access.unwrap_or(default.download_access),
        };
        let at_least_a_second =
            [("upload_expiry", config.upload_expiry), ("download_expiry", config.download_expiry)];
        for (key, period) in at_least_a_second {
            if period.is_zero() {
                return Err(ConfigError::new(key, "must be at least 1s"));
            }
        }
        if config.max_upload_bytes == 0 {
            return Err(ConfigError::new("max_upload_size", "must be at least 1B"));
        }
        Ok(config)
    }

    /// Checks what depends on where the bytes are.
    ///
    /// # Errors
    /// When the storage cannot do what is asked for.
    pub(super) fn check_storage(&self, storage: &StorageConfig) -> Result<(), ConfigError> {
        let is_s3 = matches!(storage, StorageConfig::S3(_));
        if !is_s3 && self.upload_access == DirectOrProxied::Direct {
            let problem = "direct needs an S3 storage: give --storage, or leave this out";
            return Err(ConfigError::new("upload_access", problem));
        }
        if is_s3 && self.max_upload_bytes > LARGEST_IN_S3 {
            return Err(ConfigError::new("max_upload_size", "with S3 at most 312GiB are taken"));
        }
        let signed = [
            ("upload_expiry", self.upload_expiry, self.upload_access),
            ("download_expiry", self.download_expiry, self.download_access),
        ];
        for (key, period, access) in signed {
            if is_s3 && access == DirectOrProxied::Direct && period > LONGEST_SIGNED {
                let problem = "with direct access URLs of the storage live at most 7d";
                return Err(ConfigError::new(key, problem));
            }
        }
        Ok(())
    }
}

impl FromStr for DirectOrProxied {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "direct" => Ok(Self::Direct),
            "proxied" => Ok(Self::Proxied),
            _ => Err(format!("`{text}` is neither direct nor proxied")),
        }
    }
}
