//! Writing an object in bounded memory: a small one in one call, a larger one in parts while it still comes.

use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::S3;
use super::multipart::{MOST_PARTS, Multipart};
use crate::digests::Digests;
use crate::error::stopped;
use crate::{BlobError, Expected, Stored};

/// The size of a part, unless the limit would then need more parts than S3 takes.
const PART: u64 = 8 << 20;
/// Parts never grow beyond this: 10,000 of them are 312 GiB.
const LARGEST_PART: u64 = 32 << 20;

/// Memory is taken in steps of this size, so that a connection which sends little holds little.
const STEP: usize = 64 << 10;
/// The first step of a part after the first: this sender has sent much already.
const LATER_STEP: usize = 1 << 20;
/// The memory of all objects that are coming at a time: 128 MiB.
pub(super) const BUFFER_STEPS: usize = 2048;
/// So long an upload waits for memory that others hold.
const PATIENCE: Duration = Duration::from_secs(10);

/// An object in the making. Nothing is under its key before [`S3Writer::finish`].
#[derive(Debug)]
pub(crate) struct S3Writer {
    s3: S3,
    key: String,
    expected: Expected,
    part_bytes: usize,
    digests: Digests,
    hashing: Option<JoinHandle<Digests>>,
    buffer: Vec<u8>,
    memory: Option<OwnedSemaphorePermit>,
    sent: u64,
    parts: u64,
    multipart: Option<Multipart>,
}

impl S3Writer {
    pub(super) fn of_blob(s3: S3, key: String, expected: Expected) -> Self {
        Self::new(s3, key, expected, Digests::of_blob(&expected))
    }

    pub(super) fn of_block(s3: S3, key: String, expected: Expected) -> Self {
        Self::new(s3, key, expected, Digests::of_block(&expected))
    }

    fn new(s3: S3, key: String, expected: Expected, digests: Digests) -> Self {
        let part = expected.limit.div_ceil(MOST_PARTS).next_multiple_of(1 << 20);
        let part_bytes = usize::try_from(part.clamp(PART, LARGEST_PART)).unwrap_or(STEP);
        Self {
            s3,
            key,
            expected,
            part_bytes,
            digests,
            hashing: None,
            buffer: Vec::new(),
            memory: None,
            sent: 0,
            parts: 0,
            multipart: None,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.sent + self.buffer.len() as u64
    }

    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        let limit = self.expected.limit.min(self.part_bytes as u64 * MOST_PARTS);
        if self.size().saturating_add(bytes.len() as u64) > limit {
            return Err(BlobError::TooLarge { limit });
        }
        while !bytes.is_empty() {
            if self.buffer.len() == self.buffer.capacity() {
                self.grow().await?;
            }
            let room = self.buffer.capacity().min(self.part_bytes) - self.buffer.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() >= self.part_bytes {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Doubles the buffer, up to a part.
    async fn grow(&mut self) -> Result<(), BlobError> {
        let first = if self.multipart.is_some() { LATER_STEP } else { STEP };
        let more = self.buffer.capacity().max(first).min(self.part_bytes - self.buffer.len());
        let steps = u32::try_from(more.div_ceil(STEP)).unwrap_or(1);
        let taken = self.s3.inner.buffers.clone().acquire_many_owned(steps);
        let Ok(Ok(taken)) = timeout(PATIENCE, taken).await else {
            let cause = "too many uploads at once".to_owned();
            return Err(BlobError::Unavailable { what: "waiting for memory", cause });
        };
        match &mut self.memory {
            Some(memory) => memory.merge(taken),
            None => self.memory = Some(taken),
        }
        self.buffer.reserve_exact(more);
        Ok(())
    }

    /// Sends the buffer on its way as a part, while its digest is computed beside it.
    async fn flush(&mut self) -> Result<(), BlobError> {
        let bytes = Bytes::from(std::mem::take(&mut self.buffer));
        let memory = self.memory.take();
        self.sent += bytes.len() as u64;
        self.parts += 1;
        self.settle_digests().await?;
        let (mut digests, hashed) = (std::mem::take(&mut self.digests), bytes.clone());
        self.hashing = Some(spawn_blocking(move || {
            digests.update(&hashed);
            digests
        }));
        let multipart = match &mut self.multipart {
            Some(multipart) => multipart,
            none => none.insert(Multipart::begin(&self.s3, &self.key).await?),
        };
        multipart.send(bytes, memory).await
    }

    async fn settle_digests(&mut self) -> Result<(), BlobError> {
        if let Some(hashing) = self.hashing.take() {
            self.digests = hashing.await.map_err(stopped)?;
        }
        Ok(())
    }

    /// Makes the object appear under its key, whole and durable.
    pub(crate) async fn finish(mut self) -> Result<Stored, BlobError> {
        let started = Instant::now();
        let size = self.size();
        if self.multipart.is_none() {
            let bytes = Bytes::from(std::mem::take(&mut self.buffer));
            self.hash(bytes.clone()).await?;
            self.digests.check_md5(&self.expected)?;
            self.put(bytes).await?;
        } else {
            if !self.buffer.is_empty() {
                self.flush().await?;
            }
            self.settle_digests().await?;
            self.digests.check_md5(&self.expected)?;
            if let Some(multipart) = self.multipart.take() {
                multipart.complete().await?;
            }
        }
        metrics::histogram!("bindery_storage_seconds", "operation" => "finish")
            .record(started.elapsed());
        Ok(Stored { size, sha256: self.digests.sha256() })
    }

    /// Takes the digest of a whole small object; a few bytes are not worth another thread.
    async fn hash(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        if bytes.len() <= STEP {
            self.digests.update(&bytes);
            return Ok(());
        }
        let mut digests = std::mem::take(&mut self.digests);
        let hashing = spawn_blocking(move || {
            digests.update(&bytes);
            digests
        });
        self.digests = hashing.await.map_err(stopped)?;
        Ok(())
    }

    async fn put(&self, bytes: Bytes) -> Result<(), BlobError> {
        let request = self.s3.client().put_object().bucket(self.s3.bucket()).key(&self.key);
        let request = request.body(ByteStream::from(bytes)).send();
        Ok(self.s3.call("put", "storing an object", request).await.map(drop)?)
    }
}
