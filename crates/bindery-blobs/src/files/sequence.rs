//! Reading several files as if they were one.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use crate::BlobError;

/// The bytes of files, one after the other.
pub(crate) struct Sequence {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<File>,
}

impl Sequence {
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        Self { files: files.into_iter(), open: None }
    }

    /// Appends bytes until the buffer's capacity is used up; says whether there may be more.
    pub(crate) fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<bool, BlobError> {
        while buffer.len() < buffer.capacity() {
            let file = match &mut self.open {
                Some(file) => file,
                None => match self.files.next() {
                    // It was there when the list was checked: the upload ended in between.
                    Some(path) => self.open.insert(File::open(path).map_err(|_| BlobError::Ended)?),
                    None => return Ok(false),
                },
            };
            let free = (buffer.capacity() - buffer.len()) as u64;
            if file.take(free).read_to_end(buffer).map_err(BlobError::io("reading a block"))? == 0 {
                self.open = None;
            }
        }
        Ok(true)
    }
}
