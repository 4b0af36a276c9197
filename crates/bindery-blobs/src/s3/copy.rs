//! Copying inside the storage: whole, or by parts where it is too large for one call.

use aws_sdk_s3::types::ChecksumAlgorithm;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::multipart::{MOST_PARTS, Multipart};
use super::{S3, client};
use crate::BlobError;

impl S3 {
    /// Copies an object, if it still is what the tag says; returns the SHA-256 where the storage tells it.
    pub(super) async fn copy_object(
        &self,
        from: &str,
        to: &str,
        size: u64,
        e_tag: Option<&str>,
    ) -> Result<Option<[u8; 32]>, BlobError> {
        if size > self.inner.settings.largest_copy {
            self.copy_by_parts(from, to, size, e_tag).await?;
            return Ok(None);
        }
        let mut request = self.client().copy_object().bucket(self.bucket()).key(to);
        request = request.copy_source(self.source(from));
        request = request.set_copy_source_if_match(e_tag.map(str::to_owned));
        if self.can_sha256() {
            request = request.checksum_algorithm(ChecksumAlgorithm::Sha256);
        }
        let request = request.customize().config_override(client::patient()).send();
        let copied = self.call("copy", "copying an object", request).await?;
        let told = copied.copy_object_result().and_then(|result| result.checksum_sha256());
        Ok(told.filter(|_| self.can_sha256()).and_then(sha256))
    }

    async fn copy_by_parts(
        &self,
        from: &str,
        to: &str,
        size: u64,
        e_tag: Option<&str>,
    ) -> Result<(), BlobError> {
        let part = self.inner.settings.largest_copy.max(size.div_ceil(MOST_PARTS));
        let mut multipart = Multipart::begin(self, to).await?;
        let mut start = 0;
        while start < size {
            let end = (start + part).min(size);
            let request = self.client().upload_part_copy().bucket(self.bucket()).key(to);
            let request = request.upload_id(multipart.id()).part_number(multipart.next());
            let request = request
                .copy_source(self.source(from))
                .set_copy_source_if_match(e_tag.map(str::to_owned))
                .copy_source_range(format!("bytes={start}-{}", end - 1));
            let request = request.customize().config_override(client::patient());
            // Some storages want to be told that nothing comes.
            let request = request
                .mutate_request(|request| _ = request.headers_mut().insert("content-length", "0"));
            let copied = self.call("copy", "copying a part", request.send()).await?;
            multipart.note(copied.copy_part_result().and_then(|part| part.e_tag()));
            start = end;
        }
        multipart.complete().await
    }

    /// Prefixes have no character that would need an escape here.
    fn source(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket())
    }
}

/// Reads a checksum of a whole object; that of a multipart one has a number of parts after it.
pub(super) fn sha256(text: &str) -> Option<[u8; 32]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}
