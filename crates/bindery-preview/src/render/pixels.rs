//! Pixels on their way to a picture.

use fast_image_resize::Resizer;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use image::RgbImage;

use crate::scale;

/// Makes the picture smaller until its long edge is at most `edge`, with a convolution filter (Lanczos), which keeps
/// thin lines.
pub(super) fn fit(pixels: RgbImage, edge: u32) -> RgbImage {
    let (from_width, from_height) = pixels.dimensions();
    let (width, height) = scale::fit(pixels.dimensions(), edge);
    if (from_width, from_height) == (width, height) {
        return pixels;
    }
    let mut small = RgbImage::new(width, height);
    // The untyped calls compile code for every kind of pixel.
    let source: TypedImageRef<'_, U8x3> =
        TypedImageRef::from_buffer(from_width, from_height, pixels.as_raw())
            .expect("three bytes a pixel");
    let mut target: TypedImage<'_, U8x3> =
        TypedImage::from_buffer(width, height, &mut small).expect("three bytes a pixel");
    Resizer::new()
        .resize_typed(&source, &mut target, None)
        .expect("neither picture is empty, and nothing is cropped");
    small
}
