//! The file that is rendered: the child's standard input.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

/// How much of the beginning is looked at to tell the kind.
const HEAD_BYTES: usize = 4096;

/// A file that can be read at any place; its offset is neither used nor moved.
pub(crate) struct Source {
    file: File,
    length: u64,
    head: Vec<u8>,
}

impl Source {
    /// The standard input, which has to be a regular file.
    pub(crate) fn stdin() -> io::Result<Self> {
        Self::new(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }

    /// A file of any origin.
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, length, head: Vec::new() })
    }

    /// Reads the beginning: the first touch of what may be hostile.
    pub(crate) fn read_head(&mut self) -> io::Result<()> {
        let wanted = usize::try_from(self.length).unwrap_or(usize::MAX).min(HEAD_BYTES);
        let mut head = vec![0; wanted];
        self.file.read_exact_at(&mut head, 0)?;
        self.head = head;
        Ok(())
    }

    /// The beginning.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Number of bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// All bytes. The caller has looked at the length.
    pub(crate) fn read_all(&self) -> io::Result<Vec<u8>> {
        let length = usize::try_from(self.length).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

/// Reads a source from any place, for containers of which only a part is wanted.
pub(crate) struct Reader<'a> {
    source: &'a Source,
    place: u64,
}

impl Source {
    /// A reader at the beginning.
    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader { source: self, place: 0 }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.file.read_at(buffer, self.place)?;
        self.place += read as u64;
        Ok(read)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.source.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.place)
    }
}
