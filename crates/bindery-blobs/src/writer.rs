//! Writing blobs and blocks, whatever the storage.

use md5::{Digest as _, Md5};

use crate::BlobError;
use crate::files::blocks::FileBlock;
use crate::files::writer::FileWriter;
use crate::s3::{S3Block, S3Writer};

/// What is known of the bytes before they come.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// The most bytes that are taken.
    pub limit: u64,
    /// The MD5 that the sender announced, if any.
    pub md5: Option<[u8; 16]>,
}

/// What is known of the bytes once they are durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// How many.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// A blob in the making. Dropping it removes what was written.
#[derive(Debug)]
pub struct Writer(pub(crate) WriterOf);

#[derive(Debug)]
pub(crate) enum WriterOf {
    Files(Box<FileWriter>),
    S3(Box<S3Writer>),
}

/// A block in the making. Dropping it removes what was written.
#[derive(Debug)]
pub struct BlockWriter(pub(crate) BlockOf);

#[derive(Debug)]
pub(crate) enum BlockOf {
    Files(Box<FileBlock>),
    S3(Box<S3Block>),
}

impl Writer {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] past the limit, [`BlobError::NoSpace`] on a full disk, [`BlobError::Unavailable`] when
    /// the storage does not answer.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        match &mut self.0 {
            WriterOf::Files(writer) => writer.write(bytes).await,
            WriterOf::S3(writer) => writer.write(bytes).await,
        }
    }

    /// How many bytes have come so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.0 {
            WriterOf::Files(writer) => writer.size(),
            WriterOf::S3(writer) => writer.size(),
        }
    }

    /// Makes the bytes durable under their key.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; whatever the storage says.
    pub async fn finish(self) -> Result<Stored, BlobError> {
        match self.0 {
            WriterOf::Files(writer) => writer.finish().await,
            WriterOf::S3(writer) => writer.finish().await,
        }
    }
}

impl BlockWriter {
    /// Takes the next bytes. After an error, or when the future is dropped, only dropping the writer makes sense.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] when all blocks of the upload exceed the limit.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        match &mut self.0 {
            BlockOf::Files(block) => block.write(bytes).await,
            BlockOf::S3(block) => block.write(bytes).await,
        }
    }

    /// How many bytes of this block have come so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.0 {
            BlockOf::Files(block) => block.size(),
            BlockOf::S3(block) => block.size(),
        }
    }

    /// Makes the block part of its upload, in the place of one with the same id.
    ///
    /// # Errors
    /// [`BlobError::Md5Mismatch`] when other bytes came than announced; [`BlobError::Ended`] when the upload has ended.
    pub async fn finish(self) -> Result<(), BlobError> {
        match self.0 {
            BlockOf::Files(block) => block.finish().await,
            BlockOf::S3(block) => block.finish().await,
        }
    }
}

/// The MD5 of bytes in memory, for what is announced about them.
#[must_use]
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
