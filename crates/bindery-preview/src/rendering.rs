//! What comes back.

use serde::{Deserialize, Serialize};

use crate::Kind;

/// Points of an A3 sheet's long edge: what is longer is looked at in parts.
const LONG_EDGE_OF_A3: f64 = 1191.0;

/// All that one run of a worker found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendering {
    /// How it ended.
    pub outcome: Outcome,
    /// What the file is.
    pub kind: Kind,
    /// How many pages it has; 0 where that is not known or has no meaning.
    pub page_count: u32,
    /// The sizes of the pages, the first ones where there are very many.
    pub pages: Vec<PageSize>,
    /// The pictures that were asked for.
    pub images: Vec<Picture>,
    /// How the tiles fit together; only for [`Task::Tiles`](crate::Task::Tiles).
    pub pyramid: Option<Pyramid>,
    /// The text, page by page; only for [`Task::Overview`](crate::Task::Overview). There can be text without a picture.
    pub text: Vec<PageText>,
    /// Whether all text is there: false when a limit (pages, words, time, memory) was met after the picture was done.
    pub is_text_complete: bool,
}

/// How rendering ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is a picture.
    Ready,
    /// Files of this kind have no preview.
    Unsupported {
        /// Why, as a short sentence for people.
        reason: String,
    },
    /// A password is needed to open the file.
    Encrypted,
    /// The file ought to have a preview, but is damaged or too much.
    Failed {
        /// Why, as a short sentence for people.
        reason: String,
    },
}

impl Outcome {
    /// A failure with its reason.
    pub(crate) fn failed(reason: &str) -> Self {
        Self::Failed { reason: reason.to_owned() }
    }

    /// A kind without preview, with the reason.
    pub(crate) fn unsupported(reason: &str) -> Self {
        Self::Unsupported { reason: reason.to_owned() }
    }
}

/// The size of an upright page (its own rotation and that of a photograph are applied).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// Which page, from 1.
    pub number: u32,
    /// Width in points (1/72 inch).
    pub width_pt: f64,
    /// Height in points.
    pub height_pt: f64,
}

impl PageSize {
    /// Whether the page is larger than A3, so that one picture cannot show it sharply and tiles are worth their making.
    #[must_use]
    pub fn has_tiles(&self) -> bool {
        self.width_pt.max(self.height_pt) > LONG_EDGE_OF_A3
    }
}

/// One encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is for.
    pub purpose: Purpose,
    /// The page that it shows, from 1.
    pub page: u32,
    /// How it is encoded.
    pub media_type: MediaType,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// At most 512 pixels on the long edge.
    Thumbnail,
    /// A whole page at 150 dots per inch, at most 4,096 pixels on the long edge.
    Page,
    /// A part of a large page.
    Tile {
        /// 0 is the sharpest; each further level halves.
        level: u32,
        /// From the left, from 0.
        column: u32,
        /// From the top, from 0.
        row: u32,
    },
}

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// Lossless: lines and text.
    Png,
    /// Photographs and scans.
    Jpeg,
}

impl MediaType {
    /// The media type as HTTP spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// How the tiles of a page fit together. A tile that is missing is blank paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramid {
    /// The page, from 1.
    pub page: u32,
    /// Edge of a tile in pixels; the last column and row may be smaller.
    pub tile_px: u32,
    /// From the sharpest to the smallest.
    pub levels: Vec<Level>,
}

/// One level of a pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// 0 is the sharpest.
    pub level: u32,
    /// Width of the whole page in pixels.
    pub width: u32,
    /// Height of the whole page in pixels.
    pub height: u32,
    /// Number of tiles from left to right.
    pub columns: u32,
    /// Number of tiles from top to bottom.
    pub rows: u32,
}

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// The page, from 1.
    pub number: u32,
    /// Its words in the order of the file.
    pub words: Vec<Word>,
}

/// One word and its box, in points from the top left corner of the upright page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The letters.
    pub text: String,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width; 0 where the kind has no layout.
    pub width: f64,
    /// Height; 0 where the kind has no layout.
    pub height: f64,
}
