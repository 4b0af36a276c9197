//! Reading a blob, whatever the storage.

use std::ops::Range;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::Either;

use crate::BlobError;
use crate::files::reader::FileReader;
use crate::s3::S3Reader;

/// An open blob.
#[derive(Debug, Clone)]
pub struct BlobReader(pub(crate) ReaderOf);

#[derive(Debug, Clone)]
pub(crate) enum ReaderOf {
    Files(FileReader),
    S3(S3Reader),
}

impl BlobReader {
    /// How many bytes there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.0 {
            ReaderOf::Files(reader) => reader.size(),
            ReaderOf::S3(reader) => reader.size(),
        }
    }

    /// Reads one piece; fewer bytes come when the blob ends before.
    ///
    /// # Errors
    /// What the storage says.
    pub async fn read_at(&self, offset: u64, len: usize) -> Result<Bytes, BlobError> {
        match &self.0 {
            ReaderOf::Files(reader) => reader.read_at(offset, len).await,
            ReaderOf::S3(reader) => reader.read_at(offset, len).await,
        }
    }

    /// Streams a part of the bytes. A blob that is shorter than it was ends the stream with an error, so that no
    /// receiver takes the part for the whole.
    pub fn stream(
        self,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static {
        match self.0 {
            ReaderOf::Files(reader) => Either::Left(reader.stream(range)),
            ReaderOf::S3(reader) => Either::Right(reader.stream(range)),
        }
    }
}
