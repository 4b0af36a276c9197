//! Uploads and downloads.

use std::time::Duration;

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
