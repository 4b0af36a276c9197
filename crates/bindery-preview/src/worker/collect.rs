//! Collecting the frames of a child.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::WorkerError;
use crate::frames::{self, Frame, HEAD_BYTES, Tag};
use crate::{Kind, Outcome, PageSize, PageText, Picture, Pyramid, Rendering, Task};

/// What has come so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Comes first, before the child reads the file.
    unprotected: Option<Vec<String>>,
    kind: Option<Kind>,
    page_count: u32,
    pages: Vec<PageSize>,
    images: Vec<Picture>,
    pyramid: Option<(Pyramid, u32)>,
    text: Vec<PageText>,
    end: Option<(Outcome, bool)>,
}

impl Collected {
    /// Reads frames until the child closes its output.
    pub(super) async fn read_from(
        &mut self,
        mut stdout: impl AsyncRead + Unpin,
        output_bytes: u64,
    ) -> Result<(), WorkerError> {
        let mut left = output_bytes;
        loop {
            let mut head = [0; HEAD_BYTES];
            match stdout.read_exact(&mut head).await {
                Ok(_) => {}
                // The child ended, orderly or not; its exit status tells.
                Err(_) => return Ok(()),
            }
            let Some((tag, length)) = frames::parse_head(head) else {
                return Err(nonsense("it wrote what is no frame"));
            };
            let needed = u64::try_from(length.saturating_add(HEAD_BYTES)).unwrap_or(u64::MAX);
            left = left.checked_sub(needed).ok_or(WorkerError::OutputTooLarge)?;
            let mut body = vec![0; length];
            if stdout.read_exact(&mut body).await.is_err() {
                return Ok(());
            }
            self.take(tag, body)?;
        }
    }

    fn take(&mut self, tag: Tag, body: Vec<u8>) -> Result<(), WorkerError> {
        if tag == Tag::Bytes {
            let picture = self.images.last_mut().filter(|picture| picture.bytes.is_empty());
            picture.ok_or_else(|| nonsense("it wrote bytes of no picture"))?.bytes = body;
            return Ok(());
        }
        let frame = serde_json::from_slice(&body).map_err(|error| nonsense(&error.to_string()))?;
        match frame {
            Frame::Unprotected(lacks) => self.unprotected = Some(lacks),
            Frame::Kind(kind) => self.kind = Some(kind),
            Frame::Pages { count, sizes } => (self.page_count, self.pages) = (count, sizes),
            Frame::Picture { purpose, page, media_type, width, height } => {
                let bytes = Vec::new();
                self.images.push(Picture { purpose, page, media_type, width, height, bytes });
            }
            Frame::Pyramid { pyramid, bands } => self.pyramid = Some((pyramid, bands)),
            Frame::Text(text) => self.text.push(text),
            Frame::End { outcome, is_text_complete } => {
                self.end = Some((outcome, is_text_complete))
            }
        }
        Ok(())
    }

    /// What the kernel did not protect.
    pub(super) fn unprotected(&self) -> &[String] {
        self.unprotected.as_deref().unwrap_or_default()
    }

    /// Whether the child has locked itself down and turned to the file.
    pub(super) fn has_begun(&self) -> bool {
        self.unprotected.is_some()
    }

    /// Whether the child came to its end.
    pub(super) fn is_complete(&self) -> bool {
        self.end.is_some()
    }

    /// Whether a child that died left what was asked for: the thumbnail or the page. Text may be missing.
    pub(super) fn is_enough_for(&self, task: Task) -> bool {
        let is_whole = self.images.iter().any(|picture| !picture.bytes.is_empty());
        is_whole && !matches!(task, Task::Tiles { .. })
    }

    /// In how many runs the pyramid is made.
    pub(super) fn bands(&self) -> u32 {
        self.pyramid.as_ref().map_or(1, |(_, bands)| *bands)
    }

    /// Adds the tiles of another band.
    pub(super) fn add_band(&mut self, other: Self) {
        self.images.extend(other.images);
        if other.end.as_ref().is_some_and(|(outcome, _)| *outcome != Outcome::Ready) {
            self.end = other.end;
        }
    }

    /// The whole of it.
    pub(super) fn into_rendering(self) -> Rendering {
        let (outcome, is_text_complete) = self.end.unwrap_or((Outcome::Ready, false));
        Rendering {
            outcome,
            kind: self.kind.unwrap_or(Kind::Unknown),
            page_count: self.page_count,
            pages: self.pages,
            // A child that died may have announced a picture that never came.
            images: self.images.into_iter().filter(|picture| !picture.bytes.is_empty()).collect(),
            pyramid: self.pyramid.map(|(pyramid, _)| pyramid),
            text: self.text,
            is_text_complete,
        }
    }
}

fn nonsense(detail: &str) -> WorkerError {
    WorkerError::Crashed { detail: detail.to_owned() }
}
