//! The pyramid of a large page, made band by band.
//!
//! A band is as high as one row of tiles of the smallest level, so that a band knows all pixels of its tiles on every
//! level and each can be made by a child of its own.

use std::io;

use image::RgbImage;
use image::imageops::crop_imm;

use crate::child::Sink;
use crate::encode::encode;
use crate::frames::Frame;
use crate::{Level, Purpose, Pyramid};

/// Edge of a tile in pixels.
const TILE_PX: u32 = 512;
/// Levels of a pyramid: 300, 150 and 75 dots per inch. Below them the page preview does.
const LEVELS: u32 = 3;
/// Height of a band on the sharpest level.
pub(super) const BAND_PX: u32 = TILE_PX << (LEVELS - 1);

/// The pyramid of a page whose sharpest level has this many pixels.
pub(super) fn pyramid(page: u32, (width, height): (u32, u32)) -> Pyramid {
    let levels = (0..LEVELS).map(|level| {
        let (width, height) = (width.div_ceil(1 << level), height.div_ceil(1 << level));
        let (columns, rows) = (width.div_ceil(TILE_PX), height.div_ceil(TILE_PX));
        Level { level, width, height, columns, rows }
    });
    Pyramid { page, tile_px: TILE_PX, levels: levels.collect() }
}

/// Sends the tiles of a band. `pixels` are those of the sharpest level, from the band's upper edge on.
pub(super) fn send_band(
    sink: &mut Sink,
    pyramid: Pyramid,
    band: u32,
    mut pixels: RgbImage,
) -> io::Result<()> {
    let page = pyramid.page;
    let bands = pyramid.levels.last().map_or(1, |smallest| smallest.rows);
    sink.send(&Frame::Pyramid { pyramid, bands })?;
    for level in 0..LEVELS {
        if level > 0 {
            pixels = halve(&pixels);
        }
        let first_row = band << (LEVELS - 1 - level);
        for row in 0..pixels.height().div_ceil(TILE_PX) {
            for column in 0..pixels.width().div_ceil(TILE_PX) {
                let (x, y) = (column * TILE_PX, row * TILE_PX);
                let width = TILE_PX.min(pixels.width() - x);
                let height = TILE_PX.min(pixels.height() - y);
                let tile = crop_imm(&pixels, x, y, width, height).to_image();
                if tile.as_raw().iter().any(|channel| *channel != u8::MAX) {
                    let purpose = Purpose::Tile { level, column, row: first_row + row };
                    sink.send_picture(&encode(&tile, purpose, page)?)?;
                }
            }
        }
    }
    Ok(())
}

/// Half as many pixels in both directions, each the mean of four. An odd edge is repeated.
fn halve(pixels: &RgbImage) -> RgbImage {
    let (width, height) = pixels.dimensions();
    let row_bytes = width as usize * 3;
    let rows: Vec<&[u8]> = pixels.as_raw().chunks_exact(row_bytes).collect();
    let mut half = Vec::with_capacity(rows.len().div_ceil(2) * row_bytes.div_ceil(2));
    for pair in rows.chunks(2) {
        let [above, below] = [pair[0], pair[pair.len() - 1]];
        for x in (0..width as usize).step_by(2) {
            let (left, right) = (x * 3, (x + 1).min(width as usize - 1) * 3);
            for channel in 0..3 {
                let sum = [above, below]
                    .iter()
                    .map(|row| u16::from(row[left + channel]) + u16::from(row[right + channel]))
                    .sum::<u16>();
                half.push(u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX));
            }
        }
    }
    RgbImage::from_raw(width.div_ceil(2), height.div_ceil(2), half).expect("three bytes a pixel")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn levels_halve_and_count_their_tiles() {
        let pyramid = pyramid(1, (9933, 7016));
        let shape = |level: &Level| (level.width, level.height, level.columns, level.rows);
        let shapes: Vec<_> = pyramid.levels.iter().map(shape).collect();
        assert_eq!(shapes, [(9933, 7016, 20, 14), (4967, 3508, 10, 7), (2484, 1754, 5, 4)]);
    }

    #[test]
    fn half_a_picture_has_the_mean_of_four_pixels() {
        let pixels = RgbImage::from_fn(3, 3, |x, y| Rgb([if (x, y) == (0, 0) { 8 } else { 0 }; 3]));
        let half = halve(&pixels);
        assert_eq!(half.dimensions(), (2, 2));
        assert_eq!((half.get_pixel(0, 0).0, half.get_pixel(1, 1).0), ([2; 3], [0; 3]));
    }
}
