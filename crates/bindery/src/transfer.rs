//! Bytes over HTTP: what presigned URLs lead to.
//!
//! Nothing here knows tokens or roles: the URL itself is the permission, see [`crate::links`].

pub mod block_list;
pub mod conditional;
pub mod disposition;
pub mod download;
mod incoming;
pub mod media_type;
pub mod preview;
mod put_blob;
mod put_block;
mod put_block_list;
pub mod range;
mod receiving;
mod take_direct;
mod target;
#[cfg(test)]
pub(crate) mod tests;
pub mod upload;

use std::time::Duration;

use bindery_blobs::Blobs;
use bindery_domain::{ClientId, Refusal, Timestamp};
use bindery_store::Store;

use crate::access::RateLimits;
use crate::api::ApiError;
use crate::clock::Clock;
use crate::config::TransferConfig;
use crate::links::Links;
use crate::middleware::current;
use crate::previews::Bell;

pub(crate) use receiving::LEASE_SECS;
pub(crate) use take_direct::take_direct;

/// The path of upload URLs.
pub const UPLOAD_PATH: &str = "/storage/{organization}/uploads/{limit}/{upload}";

/// The path of download URLs.
pub const DOWNLOAD_PATH: &str = "/storage/{organization}/versions/{version}/{file_name}";

/// The path of preview URLs.
pub const PREVIEW_PATH: &str = "/storage/{organization}/previews/{version}/{picture}";

/// What the handlers of presigned URLs share. Cheap to clone.
#[derive(Clone)]
pub struct Transfer {
    /// The rows.
    pub store: Store,
    /// The bytes.
    pub blobs: Blobs,
    /// The URLs.
    pub links: Links,
    /// The time.
    pub clock: Clock,
    /// What is taken.
    pub limits: TransferLimits,
    /// How often.
    pub rate_limits: RateLimits,
    /// Wakes the workers that make previews, and those who wait for them.
    pub bell: Bell,
}

/// What uploads may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferLimits {
    /// The largest file that is taken; a URL may allow less.
    pub max_upload_bytes: u64,
    /// Uploads are refused when they would leave less free space than this.
    pub min_free_bytes: u64,
    /// How long received bytes wait for their commit.
    pub upload_expiry: Duration,
}

impl TransferLimits {
    /// What the settings say.
    #[must_use]
    pub fn of(config: &TransferConfig) -> Self {
        Self {
            max_upload_bytes: config.max_upload_bytes,
            min_free_bytes: config.min_free_bytes,
            upload_expiry: config.upload_expiry,
        }
    }
}

impl Transfer {
    /// Takes one use of a checked URL from the client that it was made for.
    fn take_link(&self, client: &ClientId) -> Result<(), ApiError> {
        let left = self.rate_limits.take_link(client.as_str(), self.clock.now());
        current::note_quota(left);
        left.retry_after.map_or(Ok(()), |retry_after| Err(ApiError::Throttled { retry_after }))
    }

    /// Refuses bytes that would leave too little free space.
    fn check_free(&self, more_bytes: u64) -> Result<(), ApiError> {
        // A storage of its own has no end that could be seen from here.
        let Some(free) = self.blobs.free_space()? else { return Ok(()) };
        if free.saturating_sub(more_bytes) < self.limits.min_free_bytes {
            tracing::warn!(
                free_bytes = free,
                more_bytes,
                "an upload was refused: too little free space"
            );
            return Err(Refusal::NoSpace.into());
        }
        Ok(())
    }

    /// Until when the commit of bytes that have come now must come.
    fn commit_deadline(&self) -> Timestamp {
        let secs = i64::try_from(self.limits.upload_expiry.as_secs()).unwrap_or(i64::MAX);
        self.clock.now().plus_secs(secs)
    }
}
