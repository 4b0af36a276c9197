//! Whether pixels show lines and text, or a photograph.

use std::collections::HashSet;

use image::RgbImage;

/// Share of pixels that equal their left neighbour from which on a picture is line work, in percent.
/// Drawings have 60 and more even as thumbnails, photographs and scans below 25: paper has grain.
const EQUAL_NEIGHBOURS: u64 = 40;
/// A photograph on white has equal neighbours, too, but more colours than one in so many pixels.
const PIXELS_PER_COLOUR: usize = 4;
/// Pixels whose colours are counted.
const COUNTED: usize = 1 << 16;

/// Whether lossless coding suits the picture.
pub(super) fn is_line_work(pixels: &RgbImage) -> bool {
    has_equal_neighbours(pixels) && has_few_colours(pixels)
}

fn has_few_colours(pixels: &RgbImage) -> bool {
    let (triples, _) = pixels.as_raw().as_chunks::<3>();
    let counted: Vec<_> = triples.iter().step_by(triples.len() / COUNTED + 1).collect();
    // Small pictures, icons among them, are small in any coding.
    let colours: HashSet<_> = counted.iter().collect();
    counted.len() < 4096 || colours.len() * PIXELS_PER_COLOUR < counted.len()
}

fn has_equal_neighbours(pixels: &RgbImage) -> bool {
    let width = pixels.width().max(1) as usize;
    let (mut equal, mut all) = (0_u64, 0_u64);
    for row in pixels.as_raw().chunks_exact(width * 3) {
        let (pixels, _) = row.as_chunks::<3>();
        equal += pixels.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
        all += pixels.len().saturating_sub(1) as u64;
    }
    equal * 100 >= all * EQUAL_NEIGHBOURS
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn lines_on_paper_are_line_work_and_grain_is_not() {
        let lines =
            RgbImage::from_fn(64, 64, |x, y| Rgb([if x == 9 || y == 9 { 0 } else { 255 }; 3]));
        assert!(is_line_work(&lines));
        let grain = RgbImage::from_fn(64, 64, |x, y| {
            let mixed = (x * 31 + y * 17) % 251;
            Rgb([u8::try_from(mixed).unwrap(); 3])
        });
        assert!(!is_line_work(&grain));
    }

    #[test]
    fn one_column_is_judged_without_a_neighbour() {
        assert!(is_line_work(&RgbImage::new(1, 5)));
    }
}
