//! How large pictures are.

/// Long edge of a thumbnail in pixels.
pub(crate) const THUMBNAIL_PX: u32 = 512;
/// Long edge of a page preview in pixels, at most.
pub(crate) const PAGE_PX: u32 = 4096;
/// Dots per inch of a page preview.
pub(crate) const PAGE_DPI: f64 = 150.0;
/// Dots per inch of the sharpest tiles.
const TILES_DPI: f64 = 300.0;
/// Long edge of a pyramid, at most: A0 at 300 dots per inch.
const TILES_PX: f64 = 14_400.0;
/// Points in an inch.
pub(crate) const POINTS_PER_INCH: f64 = 72.0;

/// The factor from points to the pixels of a thumbnail.
pub(crate) fn thumbnail(width_pt: f64, height_pt: f64) -> f64 {
    f64::from(THUMBNAIL_PX) / width_pt.max(height_pt)
}

/// The factor from points to the pixels of a page preview.
pub(crate) fn page(width_pt: f64, height_pt: f64) -> f64 {
    (PAGE_DPI / POINTS_PER_INCH).min(f64::from(PAGE_PX) / width_pt.max(height_pt))
}

/// The factor from points to the pixels of the sharpest tiles.
pub(crate) fn tiles(width_pt: f64, height_pt: f64) -> f64 {
    (TILES_DPI / POINTS_PER_INCH).min(TILES_PX / width_pt.max(height_pt))
}

/// The nearest number of whole pixels, at least one.
pub(crate) fn whole(pixels: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "floats saturate, and what is below one counts as one"
    )]
    {
        pixels.round().max(1.0) as u32
    }
}

/// The size that fits into a square of `edge` with the same proportions; never larger than before.
pub(crate) fn fit((width, height): (u32, u32), edge: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= edge {
        return (width, height);
    }
    let factor = f64::from(edge) / f64::from(long);
    (whole(f64::from(width) * factor), whole(f64::from(height) * factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_edge_ends_at_its_bound() {
        assert_eq!(fit((8000, 4000), 4096), (4096, 2048));
        assert_eq!(fit((3, 60_000), 512), (1, 512));
        assert_eq!(fit((100, 50), 512), (100, 50));
    }

    #[test]
    fn a_page_has_150_dots_per_inch_until_it_is_too_long() {
        let a4 = page(595.0, 842.0);
        assert!((a4 - 150.0 / 72.0).abs() < 1e-9);
        assert_eq!(whole(page(2384.0, 1684.0) * 2384.0), 4096);
    }
}
