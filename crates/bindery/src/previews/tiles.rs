//! The tiles of a page lie in one object, one after the other: a large sheet has hundreds, and each object costs two
//! syncs or a request to the storage. What lies where stands in the database.

use bindery_preview::{Level, Picture, Purpose, Pyramid};
use serde::{Deserialize, Serialize};

/// Which tile of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// 0 is the sharpest.
    pub level: u32,
    /// From the left, from 0.
    pub column: u32,
    /// From the top, from 0.
    pub row: u32,
}

/// How the tiles of a page fit together, and where they lie in their object. One that is not listed is blank paper.
#[derive(Debug, Serialize, Deserialize)]
pub struct TileIndex {
    tile_px: u32,
    levels: Vec<Level>,
    tiles: Vec<Entry>,
}

/// Level, column, row, first byte, number of bytes, media type.
#[derive(Debug, Serialize, Deserialize)]
struct Entry(u32, u32, u32, u64, u64, String);

/// Where one tile lies.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Its first byte.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// What they are.
    pub media_type: &'a str,
}

impl TileIndex {
    /// Puts the tiles into one object and says where each lies.
    pub(crate) fn pack(pyramid: &Pyramid, pictures: &[Picture]) -> (Self, Vec<u8>) {
        let Pyramid { tile_px, levels, .. } = pyramid.clone();
        let mut index = Self { tile_px, levels, tiles: Vec::new() };
        let mut bytes = Vec::with_capacity(pictures.iter().map(|one| one.bytes.len()).sum());
        for picture in pictures {
            let Purpose::Tile { level, column, row } = picture.purpose else { continue };
            let (offset, size) = (bytes.len() as u64, picture.bytes.len() as u64);
            let media_type = picture.media_type.as_str().to_owned();
            index.tiles.push(Entry(level, column, row, offset, size, media_type));
            bytes.extend_from_slice(&picture.bytes);
        }
        (index, bytes)
    }

    /// Reads what [`TileIndex::to_json`] wrote.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_json(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    /// As it stands in the database.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Edge of a tile in pixels; those of the last column and row may be smaller.
    #[must_use]
    pub fn tile_px(&self) -> u32 {
        self.tile_px
    }

    /// The levels, the sharpest first.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Whether the page has such a tile, blank or not.
    #[must_use]
    pub fn has(&self, tile: Tile) -> bool {
        let Tile { level, column, row } = tile;
        let has = |one: &Level| one.level == level && column < one.columns && row < one.rows;
        self.levels.iter().any(has)
    }

    /// Whether the whole page is blank paper.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Where a tile lies; `None` when it is blank paper.
    #[must_use]
    pub fn find(&self, tile: Tile) -> Option<Found<'_>> {
        let Tile { level, column, row } = tile;
        let is_it = |entry: &&Entry| (entry.0, entry.1, entry.2) == (level, column, row);
        let Entry(.., offset, size, media_type) = self.tiles.iter().find(is_it)?;
        Some(Found { offset: *offset, size: *size, media_type })
    }
}

#[cfg(test)]
mod tests {
    use bindery_preview::MediaType;

    use super::*;

    #[test]
    fn a_tile_is_found_where_it_was_packed() {
        let tile = |column, bytes: &[u8]| Picture {
            purpose: Purpose::Tile { level: 0, column, row: 2 },
            page: 1,
            media_type: MediaType::Png,
            width: 512,
            height: 512,
            bytes: bytes.to_vec(),
        };
        let level = Level { level: 0, width: 2_560, height: 1_500, columns: 5, rows: 3 };
        let pyramid = Pyramid { page: 1, tile_px: 512, levels: vec![level] };
        let (index, bytes) = TileIndex::pack(&pyramid, &[tile(0, b"one"), tile(4, b"three")]);
        let index = TileIndex::from_json(&index.to_json()).unwrap();
        let found = index.find(Tile { level: 0, column: 4, row: 2 }).unwrap();
        assert_eq!(found, Found { offset: 3, size: 5, media_type: "image/png" });
        assert_eq!(bytes, b"onethree");
        let blank = Tile { level: 0, column: 3, row: 2 };
        assert_eq!((index.find(blank), index.has(blank)), (None, true));
        for (level, column, row) in [(1, 4, 2), (0, 5, 2), (0, 4, 3)] {
            assert!(!index.has(Tile { level, column, row }));
        }
    }
}
