//! What child and parent say to each other: the child's output is a row of frames, each a tag, a length and a body.
//!
//! Everything that is sent counts at once, so that a child which dies later (a page too many, a bomb behind the first
//! page) does not take the thumbnail with it.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::{Kind, MediaType, Outcome, PageSize, PageText, Purpose, Pyramid};

/// Bytes of tag and length.
pub(crate) const HEAD_BYTES: usize = 5;

/// One frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Frame {
    /// First: what protection the kernel did not give.
    Unprotected(Vec<String>),
    /// What the file is.
    Kind(Kind),
    /// Pages.
    Pages { count: u32, sizes: Vec<PageSize> },
    /// The picture whose bytes are the next frame.
    Picture { purpose: Purpose, page: u32, media_type: MediaType, width: u32, height: u32 },
    /// How tiles fit together, and in how many runs they are made.
    Pyramid { pyramid: Pyramid, bands: u32 },
    /// Text of one page.
    Text(PageText),
    /// Last: how it ended.
    End { outcome: Outcome, is_text_complete: bool },
}

/// What a frame's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// A [`Frame`] as JSON.
    Json,
    /// Bytes of the picture before.
    Bytes,
}

impl Tag {
    fn byte(self) -> u8 {
        match self {
            Self::Json => b'J',
            Self::Bytes => b'B',
        }
    }
}

/// Writes a frame.
pub(crate) fn write(out: &mut impl Write, frame: &Frame) -> io::Result<()> {
    write_body(out, Tag::Json, &serde_json::to_vec(frame)?)
}

/// Writes the bytes of a picture.
pub(crate) fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    write_body(out, Tag::Bytes, bytes)
}

fn write_body(out: &mut impl Write, tag: Tag, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    out.write_all(&[tag.byte()])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(body)?;
    out.flush()
}

/// Reads tag and length of a frame.
pub(crate) fn parse_head(head: [u8; HEAD_BYTES]) -> Option<(Tag, usize)> {
    let [tag, length @ ..] = head;
    let tag = [Tag::Json, Tag::Bytes].into_iter().find(|known| known.byte() == tag)?;
    Some((tag, usize::try_from(u32::from_le_bytes(length)).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_sent() {
        let frame = Frame::End { outcome: Outcome::Encrypted, is_text_complete: true };
        let mut bytes = Vec::new();
        write(&mut bytes, &frame).unwrap();
        let (tag, length) = parse_head(bytes[..HEAD_BYTES].try_into().unwrap()).unwrap();
        assert_eq!((tag, length), (Tag::Json, bytes.len() - HEAD_BYTES));
        assert_eq!(serde_json::from_slice::<Frame>(&bytes[HEAD_BYTES..]).unwrap(), frame);
    }

    #[test]
    fn what_is_no_frame_is_told_apart() {
        assert_eq!(parse_head(*b"Hello"), None);
    }
}
