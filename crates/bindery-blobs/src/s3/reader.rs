//! Reading an object: a stream that is taken up again where it broke off.

use std::ops::Range;
use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::time::timeout;

use super::S3;
use crate::{BlobError, BlobKey};

/// A storage that sends nothing for so long is asked again.
const SILENCE: Duration = Duration::from_secs(20);
/// How often a stream is taken up again before it ends with an error.
const RESUMPTIONS: u32 = 3;

/// An object that was there.
#[derive(Debug, Clone)]
pub(crate) struct S3Reader {
    s3: S3,
    key: String,
    /// Absent for a block.
    blob: Option<BlobKey>,
    size: u64,
}

/// A stream on its way.
struct Reading {
    reader: S3Reader,
    left: Range<u64>,
    body: Option<ByteStream>,
    broken: u32,
}

impl S3 {
    pub(crate) async fn open_read(&self, blob: BlobKey) -> Result<S3Reader, BlobError> {
        let key = self.key(&blob.object());
        let request = self.client().head_object().bucket(self.bucket()).key(&key).send();
        match self.call("head", "opening a blob", request).await {
            Ok(head) => {
                let size = u64::try_from(head.content_length().unwrap_or_default()).unwrap_or(0);
                Ok(S3Reader { s3: self.clone(), key, blob: Some(blob), size })
            }
            Err(failure) if failure.is_absent() => Err(BlobError::Missing(blob)),
            Err(failure) => Err(failure.into()),
        }
    }
}

impl S3Reader {
    pub(super) fn of_block(s3: &S3, key: String, size: u64) -> Self {
        Self { s3: s3.clone(), key, blob: None, size }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) async fn read_at(&self, offset: u64, len: usize) -> Result<Bytes, BlobError> {
        use futures_util::TryStreamExt;
        let end = offset.saturating_add(len as u64).min(self.size);
        let mut read = Vec::with_capacity(usize::try_from(end.saturating_sub(offset)).unwrap_or(0));
        let mut pieces = std::pin::pin!(self.clone().stream(offset..end));
        while let Some(piece) = pieces.try_next().await? {
            read.extend_from_slice(&piece);
        }
        Ok(Bytes::from(read))
    }

    pub(crate) fn stream(
        self,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static {
        let reading = Reading { reader: self, left: range, body: None, broken: 0 };
        stream::try_unfold(reading, |mut reading| async move {
            let next = reading.next().await?;
            Ok(next.map(|bytes| (bytes, reading)))
        })
    }

    async fn get(&self, range: &Range<u64>) -> Result<ByteStream, BlobError> {
        let request = self.s3.client().get_object().bucket(self.s3.bucket()).key(&self.key);
        let request = request.range(format!("bytes={}-{}", range.start, range.end - 1)).send();
        match self.s3.call("get", "reading an object", request).await {
            Ok(got) => Ok(got.body),
            Err(failure) if failure.is_absent() => {
                Err(self.blob.map_or(BlobError::Ended, BlobError::Missing))
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        while !self.left.is_empty() {
            let mut body = match self.body.take() {
                Some(body) => body,
                None => self.reader.get(&self.left).await?,
            };
            let cause = match timeout(SILENCE, body.next()).await {
                Ok(Some(Ok(bytes))) if bytes.len() as u64 <= self.left.end - self.left.start => {
                    self.left.start += bytes.len() as u64;
                    self.body = Some(body);
                    if bytes.is_empty() {
                        continue;
                    }
                    return Ok(Some(bytes));
                }
                Ok(Some(Ok(_))) => "more bytes came than were asked for".to_owned(),
                Ok(Some(Err(error))) => error.to_string(),
                Ok(None) => "the storage ended early".to_owned(),
                Err(_) => "the storage fell silent".to_owned(),
            };
            self.broken += 1;
            if self.broken > RESUMPTIONS {
                return Err(BlobError::Unavailable { what: "reading an object", cause });
            }
            tracing::debug!(cause, "reading of an object is taken up again");
        }
        Ok(None)
    }
}
