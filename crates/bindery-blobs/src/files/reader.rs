//! Reading a blob: large pieces, the next one read while the present one is sent.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use rustix::io::Errno;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::BlobError;
use crate::error::stopped;

/// A stream reads pieces of this size.
const PIECE: u64 = 512 * 1024;

/// An open blob. Removing the blob meanwhile does not disturb it.
#[derive(Debug, Clone)]
pub(crate) struct FileReader {
    file: Arc<File>,
    size: u64,
}

impl FileReader {
    pub(crate) fn new(file: File, size: u64) -> Self {
        Self { file: Arc::new(file), size }
    }

    /// How many bytes there are.
    #[must_use]
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The file itself, read from its start.
    pub(crate) fn into_file(self) -> Result<File, BlobError> {
        match Arc::try_unwrap(self.file) {
            Ok(file) => Ok(file),
            Err(shared) => shared.try_clone().map_err(BlobError::io("opening a blob")),
        }
    }

    /// Reads one piece; fewer bytes come when the file ends before.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) async fn read_at(&self, offset: u64, len: usize) -> Result<Bytes, BlobError> {
        let file = self.file.clone();
        spawn_blocking(move || read_at(&file, offset, len)).await.map_err(stopped)?
    }

    /// Streams a part of the bytes. A file that is shorter than it was ends the stream with an error, so that no
    /// receiver takes the part for the whole.
    pub(crate) fn stream(
        self,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + 'static {
        let first = self.read_ahead(&range);
        stream::try_unfold((self, range, first), |(reader, range, running)| async move {
            let Some(running) = running else { return Ok(None) };
            let bytes = running.await.map_err(stopped)??;
            if bytes.is_empty() {
                let source =
                    io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was");
                return Err(BlobError::Io { what: "reading a blob", source });
            }
            let range = range.start + bytes.len() as u64..range.end;
            let next = reader.read_ahead(&range);
            Ok(Some((bytes, (reader, range, next))))
        })
    }

    fn read_ahead(&self, range: &Range<u64>) -> Option<JoinHandle<Result<Bytes, BlobError>>> {
        let len =
            usize::try_from(range.end.saturating_sub(range.start).min(PIECE)).unwrap_or(usize::MAX);
        let (file, offset) = (self.file.clone(), range.start);
        (len > 0).then(|| spawn_blocking(move || read_at(&file, offset, len)))
    }
}

fn read_at(file: &File, offset: u64, len: usize) -> Result<Bytes, BlobError> {
    let mut buffer = Vec::with_capacity(len);
    while buffer.len() < len {
        // Into memory that was not zeroed before; the capacity may be more than was asked for.
        let at = offset + buffer.len() as u64;
        match rustix::io::pread(file, rustix::buffer::spare_capacity(&mut buffer), at) {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(BlobError::io("reading a blob")(error.into())),
        }
    }
    buffer.truncate(len);
    Ok(Bytes::from(buffer))
}
