//! Where the child's findings go.

use std::fs::File;
use std::io::{self, BufWriter};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::frames::{self, Frame};
use crate::{Outcome, Picture};

/// Writes frames to standard output and keeps the time.
pub(crate) struct Sink {
    out: BufWriter<File>,
    soft_limit: Duration,
    is_text_complete: bool,
}

impl Sink {
    /// The standard output.
    pub(crate) fn stdout(soft_limit: Duration) -> io::Result<Self> {
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self { out: BufWriter::with_capacity(1 << 16, out), soft_limit, is_text_complete: true })
    }

    /// Sends a frame.
    pub(crate) fn send(&mut self, frame: &Frame) -> io::Result<()> {
        frames::write(&mut self.out, frame)
    }

    /// Sends a picture.
    pub(crate) fn send_picture(&mut self, picture: &Picture) -> io::Result<()> {
        let Picture { purpose, page, media_type, width, height, ref bytes } = *picture;
        self.send(&Frame::Picture { purpose, page, media_type, width, height })?;
        frames::write_bytes(&mut self.out, bytes)
    }

    /// The bare output, for a child that does not keep to frames.
    pub(crate) fn raw(&mut self) -> &mut BufWriter<File> {
        &mut self.out
    }

    /// Notes that some text was left out.
    pub(crate) fn text_is_incomplete(&mut self) {
        self.is_text_complete = false;
    }

    /// Whether there is time for work that may be left undone.
    pub(crate) fn has_time(&self) -> bool {
        let used = clock_gettime(ClockId::ProcessCPUTime);
        let secs = u64::try_from(used.tv_sec).unwrap_or_default();
        let nanos = u32::try_from(used.tv_nsec).unwrap_or_default();
        Duration::new(secs, nanos) < self.soft_limit
    }

    /// Sends how it ended.
    pub(crate) fn end(mut self, outcome: Outcome) -> io::Result<()> {
        let is_text_complete = self.is_text_complete;
        self.send(&Frame::End { outcome, is_text_complete })
    }
}
