//! What a storage can do: storages that call themselves S3 differ.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

use super::{Failure, S3};
use crate::BlobError;

const BYTES: &[u8] = b"bindery";

/// What was found out about a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// It checks a SHA-256 that is sent along, and shows it later.
    pub sha256: bool,
    /// It refuses to overwrite when told `If-None-Match: *`.
    pub conditional_put: bool,
}

impl S3 {
    /// Finds out what the storage can do, by storing, reading and removing an object; asks only once.
    ///
    /// # Errors
    /// When the storage does not take, return or remove bytes: says why.
    pub async fn abilities(&self) -> Result<Abilities, BlobError> {
        if let Some(known) = self.inner.abilities.get() {
            return Ok(*known);
        }
        let key = self.key(&format!("probe/{}", Uuid::new_v4()));
        let found = self.try_out(&key).await;
        let removed = self.delete(&key).await;
        let found = found?;
        removed?;
        Ok(*self.inner.abilities.get_or_init(|| found))
    }

    /// Whether a SHA-256 that the storage shows is true of the bytes.
    pub(super) fn can_sha256(&self) -> bool {
        self.inner.abilities.get().is_some_and(|abilities| abilities.sha256)
    }

    async fn try_out(&self, key: &str) -> Result<Abilities, BlobError> {
        self.store(key, None, None).await?;
        let request = self.client().get_object().bucket(self.bucket()).key(key).send();
        let got = self.call("get", "reading an object", request).await?;
        let read =
            got.body.collect().await.map(aws_sdk_s3::primitives::AggregatedBytes::into_bytes);
        if read.ok().as_deref() != Some(BYTES) {
            let cause = "other bytes came back than were stored".to_owned();
            return Err(BlobError::Unavailable { what: "trying the storage", cause });
        }
        Ok(Abilities {
            sha256: self.checks_sha256(key).await?,
            conditional_put: match self.store(key, None, Some("*")).await {
                Err(failure) => failure.is_precondition(),
                Ok(()) => false,
            },
        })
    }

    async fn checks_sha256(&self, key: &str) -> Result<bool, BlobError> {
        let digest = |bytes: &[u8]| {
            BASE64_STANDARD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes))
        };
        let (right, wrong) = (digest(BYTES), digest(b"other"));
        match self.store(key, Some(wrong), None).await {
            Err(failure) if failure.is_bad_request() => {}
            _ => return Ok(false),
        }
        if self.store(key, Some(right.clone()), None).await.is_err() {
            return Ok(false);
        }
        let request = self.client().head_object().bucket(self.bucket()).key(key);
        let request = request.checksum_mode(ChecksumMode::Enabled).send();
        let head = self.call("head", "looking at an object", request).await?;
        Ok(head.checksum_sha256() == Some(right.as_str()))
    }

    async fn store(
        &self,
        key: &str,
        sha256: Option<String>,
        if_none_match: Option<&str>,
    ) -> Result<(), Failure> {
        let request = self.client().put_object().bucket(self.bucket()).key(key);
        let request = request.body(ByteStream::from_static(BYTES)).set_checksum_sha256(sha256);
        let request = request.set_if_none_match(if_none_match.map(str::to_owned)).send();
        self.call("put", "storing an object", request).await.map(drop)
    }
}
