//! Callers that speak to the storage itself: their URLs, and what they have put there.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::ChecksumMode;

use super::S3;
use super::copy::sha256;
use crate::{BlobError, BlobKey, UploadKey};

/// What the storage says of a blob instead of what it knows.
#[derive(Debug, Clone, Copy)]
pub struct Overrides<'a> {
    /// The value of `Content-Disposition`.
    pub disposition: &'a str,
    /// The value of `Content-Type`.
    pub content_type: &'a str,
    /// The value of `Cache-Control`.
    pub cache_control: &'a str,
}

/// What a caller had put into the storage, and is a blob now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many bytes.
    pub size: u64,
    /// Their SHA-256, where the storage tells it.
    pub sha256: Option<[u8; 32]>,
}

impl S3 {
    /// A URL of a blob's bytes in the storage.
    ///
    /// # Errors
    /// When there are no credentials.
    pub async fn presign_get(
        &self,
        key: BlobKey,
        overrides: Overrides<'_>,
        life: Duration,
    ) -> Result<String, BlobError> {
        let request = self.inner.public.get_object().bucket(self.bucket());
        let request = request
            .key(self.key(&key.object()))
            .response_content_disposition(overrides.disposition)
            .response_content_type(overrides.content_type)
            .response_cache_control(overrides.cache_control);
        let signed = request.presigned(signing(life)?).await.map_err(unsigned)?;
        Ok(signed.uri().to_owned())
    }

    /// A URL that takes the bytes of an upload into the storage: until its end, over and over.
    ///
    /// # Errors
    /// When there are no credentials.
    pub async fn presign_put(&self, key: UploadKey, life: Duration) -> Result<String, BlobError> {
        let request = self.inner.public.put_object().bucket(self.bucket());
        let request = request.key(self.key(&key.file_object()));
        let signed = request.presigned(signing(life)?).await.map_err(unsigned)?;
        Ok(signed.uri().to_owned())
    }

    /// When bytes were last put into the storage for an upload; `None` when none were.
    ///
    /// # Errors
    /// When the storage does not answer.
    pub async fn put_at(&self, key: UploadKey) -> Result<Option<SystemTime>, BlobError> {
        Ok(self.head(&self.key(&key.file_object())).await?.map(|head| head.modified))
    }

    /// Copies what was put for an upload to the key of a blob, where no caller's URL leads; `None` when nothing was put.
    /// What the caller puts meanwhile is either copied whole or not at all.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] past the limit; [`BlobError::Unavailable`] also when other bytes came in between.
    pub async fn take(
        &self,
        upload: UploadKey,
        limit: u64,
        blob: BlobKey,
    ) -> Result<Option<Taken>, BlobError> {
        let (from, to) = (self.key(&upload.file_object()), self.key(&blob.object()));
        let Some(head) = self.head(&from).await? else { return Ok(None) };
        if head.size > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut sha256 = self.copy_object(&from, &to, head.size, head.e_tag.as_deref()).await?;
        if sha256.is_none() {
            sha256 = self.head(&to).await?.and_then(|head| head.sha256);
        }
        Ok(Some(Taken { size: head.size, sha256 }))
    }

    async fn head(&self, key: &str) -> Result<Option<Head>, BlobError> {
        let mut request = self.client().head_object().bucket(self.bucket()).key(key);
        if self.can_sha256() {
            request = request.checksum_mode(ChecksumMode::Enabled);
        }
        match self.call("head", "looking at an object", request.send()).await {
            Ok(head) => {
                let modified = head.last_modified().map(|time| SystemTime::try_from(*time));
                let shown = head.checksum_sha256().filter(|_| self.can_sha256());
                Ok(Some(Head {
                    size: u64::try_from(head.content_length().unwrap_or_default()).unwrap_or(0),
                    modified: modified.and_then(Result::ok).unwrap_or_else(SystemTime::now),
                    sha256: shown.and_then(sha256),
                    e_tag: head.e_tag,
                }))
            }
            Err(failure) if failure.is_absent() => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// What the storage says of an object.
struct Head {
    size: u64,
    modified: SystemTime,
    e_tag: Option<String>,
    sha256: Option<[u8; 32]>,
}

fn signing(life: Duration) -> Result<PresigningConfig, BlobError> {
    PresigningConfig::expires_in(life).map_err(unsigned)
}

fn unsigned(error: impl std::error::Error) -> BlobError {
    BlobError::Unavailable { what: "signing a URL", cause: error.to_string() }
}
