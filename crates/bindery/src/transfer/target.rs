//! What a request to an upload URL is about.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bindery_blobs::{BlobKey, UploadKey};
use bindery_domain::{BlobId, FieldErrors, Refusal, Scope, Timestamp};
use bindery_store::organizations;
use bindery_store::uploads::{self, UploadState};
use http::HeaderMap;
use http::request::Parts;

use super::Transfer;
use crate::api::ApiError;
use crate::links::UploadLink;

/// A second PUT after a completed one.
pub(super) const DONE: Refusal = Refusal::Conflict("the bytes of this upload have come already");

/// Another PUT holds the upload.
pub(super) const RUNNING: Refusal = Refusal::Conflict("another PUT to this URL is running");

/// The upload has ended, whatever its URL says.
pub(super) const GONE: Refusal = Refusal::BadLink("its upload has expired");

/// The upload that a checked URL names.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) link: UploadLink,
    pub(super) scope: Scope,
    /// The most bytes that are taken.
    pub(super) limit: u64,
}

impl Target {
    /// Checks the URL and finds its organization.
    pub(super) async fn of(transfer: &Transfer, parts: &Parts) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let link = transfer.links.check_upload(parts.uri.path(), query, transfer.clock.now())?;
        transfer.take_link(&link.client)?;
        let organization = organizations::find(&transfer.store, link.organization).await?;
        let organization = organization.filter(|row| row.disabled_at.is_none()).ok_or(GONE)?;
        let limit = link.limit_bytes.min(transfer.limits.max_upload_bytes);
        Ok(Self { link, scope: Scope::own(organization.key), limit })
    }

    pub(super) fn blob_key(&self, blob: BlobId) -> BlobKey {
        BlobKey { organization: self.link.organization, blob }
    }

    pub(super) fn upload_key(&self) -> UploadKey {
        UploadKey { organization: self.link.organization, upload: self.link.upload }
    }

    /// Refuses unless bytes may come now. Blocks come side by side, so none of them takes a lease.
    pub(super) async fn check_open(
        &self,
        transfer: &Transfer,
        now: Timestamp,
    ) -> Result<(), ApiError> {
        let upload = uploads::find(&transfer.store, &self.scope, self.link.upload).await?;
        let upload = upload.filter(|upload| upload.client == self.link.client).ok_or(GONE)?;
        let is_leased = upload.lease_until.is_some_and(|until| until > now);
        match upload.state {
            UploadState::Received | UploadState::Committed => Err(DONE.into()),
            UploadState::Receiving if is_leased => Err(RUNNING.into()),
            UploadState::Open | UploadState::Receiving if upload.expires > now => Ok(()),
            UploadState::Open | UploadState::Receiving | UploadState::Expired => Err(GONE.into()),
        }
    }
}

/// The MD5 that a request announces (RFC 1864).
pub(super) fn announced_md5(headers: &HeaderMap) -> Result<Option<[u8; 16]>, ApiError> {
    let Some(value) = headers.get("content-md5") else { return Ok(None) };
    let md5 = BASE64_STANDARD.decode(value.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let invalid = || FieldErrors::one("Content-MD5", "it is not the base64 of 16 bytes");
    md5.map(Some).ok_or_else(|| invalid().into())
}
