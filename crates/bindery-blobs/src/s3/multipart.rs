//! A large object: parts sent side by side, put together at the end.

use std::collections::BTreeMap;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::{Failure, S3, client};
use crate::BlobError;
use crate::error::stopped;

/// So many parts of one object are sent at once.
const SIDE_BY_SIDE: usize = 3;

/// The most parts that S3 takes.
pub(super) const MOST_PARTS: u64 = 10_000;

/// A multipart upload. Dropping it before it is complete aborts it.
#[derive(Debug)]
pub(super) struct Multipart {
    s3: S3,
    key: String,
    id: String,
    next: i32,
    sending: JoinSet<Result<CompletedPart, BlobError>>,
    sent: BTreeMap<i32, CompletedPart>,
    is_complete: bool,
}

impl Multipart {
    pub(super) async fn begin(s3: &S3, key: &str) -> Result<Self, BlobError> {
        let request = s3.client().create_multipart_upload().bucket(s3.bucket()).key(key).send();
        let begun = s3.call("begin", "beginning a multipart upload", request).await?;
        let none = || BlobError::Unavailable {
            what: "beginning a multipart upload",
            cause: "the storage gave no id".to_owned(),
        };
        Ok(Self {
            s3: s3.clone(),
            key: key.to_owned(),
            id: begun.upload_id().ok_or_else(none)?.to_owned(),
            next: 1,
            sending: JoinSet::new(),
            sent: BTreeMap::new(),
            is_complete: false,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Sends the next part; waits while enough others are on their way. The memory is given back when it has arrived.
    pub(super) async fn send(
        &mut self,
        bytes: Bytes,
        memory: Option<OwnedSemaphorePermit>,
    ) -> Result<(), BlobError> {
        while self.sending.len() >= SIDE_BY_SIDE {
            self.settle_one().await?;
        }
        let (s3, key, id, number) = (self.s3.clone(), self.key.clone(), self.id.clone(), self.next);
        self.next += 1;
        self.sending.spawn(async move {
            let request = s3.client().upload_part().bucket(s3.bucket()).key(key).upload_id(id);
            let request = request.part_number(number).body(ByteStream::from(bytes)).send();
            let sent = s3.call("part", "sending a part", request).await?;
            drop(memory);
            Ok(part(number, sent.e_tag()))
        });
        Ok(())
    }

    /// Notes a part that came in another way.
    pub(super) fn note(&mut self, e_tag: Option<&str>) {
        self.sent.insert(self.next, part(self.next, e_tag));
        self.next += 1;
    }

    /// The number of the next part.
    pub(super) fn next(&self) -> i32 {
        self.next
    }

    /// Puts the object together. It is there, whole and durable, when this returns.
    pub(super) async fn complete(mut self) -> Result<(), BlobError> {
        while !self.sending.is_empty() {
            self.settle_one().await?;
        }
        let parts = std::mem::take(&mut self.sent).into_values().collect();
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.s3.client().complete_multipart_upload().bucket(self.s3.bucket());
        let request = request.key(&self.key).upload_id(&self.id).multipart_upload(parts);
        let request = request.customize().config_override(client::patient()).send();
        match self.s3.call("complete", "completing a multipart upload", request).await {
            Ok(_) => {}
            // A first attempt may have done it although its answer was lost.
            Err(failure) if failure.is_absent() && self.s3.has(&self.key).await? => {}
            Err(failure) => return Err(failure.into()),
        }
        self.is_complete = true;
        Ok(())
    }

    async fn settle_one(&mut self) -> Result<(), BlobError> {
        if let Some(sent) = self.sending.join_next().await {
            let part = sent.map_err(stopped)??;
            self.sent.insert(part.part_number().unwrap_or_default(), part);
        }
        Ok(())
    }
}

impl Drop for Multipart {
    fn drop(&mut self) {
        // Without a runtime the program is ending; the sweeper finds the upload then.
        if self.is_complete {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.sending.abort_all();
            let (s3, key, id) = (self.s3.clone(), self.key.clone(), self.id.clone());
            runtime.spawn(async move { s3.abort(&key, &id).await });
        }
    }
}

impl S3 {
    /// Aborts a multipart upload; what remains of it is left to the sweeper.
    async fn abort(&self, key: &str, id: &str) {
        if let Err(failure) = self.try_abort(key, id).await
            && !failure.is_absent()
        {
            let error = BlobError::from(failure);
            tracing::warn!("a broken multipart upload stays for the sweeper: {error}");
        }
    }

    pub(super) async fn try_abort(&self, key: &str, id: &str) -> Result<(), Failure> {
        let request = self.client().abort_multipart_upload().bucket(self.bucket());
        let request = request.key(key).upload_id(id).send();
        self.call("abort", "aborting a multipart upload", request).await.map(drop)
    }

    /// Whether there is such an object.
    async fn has(&self, key: &str) -> Result<bool, BlobError> {
        let request = self.client().head_object().bucket(self.bucket()).key(key).send();
        match self.call("head", "looking for an object", request).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.is_absent() => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn part(number: i32, e_tag: Option<&str>) -> CompletedPart {
    CompletedPart::builder().part_number(number).set_e_tag(e_tag.map(str::to_owned)).build()
}
