//! Pixels become a PNG or a JPEG, whichever fits what they show.

mod content;
mod lossless;

use std::io;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};

use crate::{MediaType, Picture, Purpose};

/// JPEG quality: no visible blocks on paper scans.
const QUALITY: u8 = 85;

/// Encodes pixels for a purpose.
pub(crate) fn encode(pixels: &RgbImage, purpose: Purpose, page: u32) -> io::Result<Picture> {
    let (width, height) = pixels.dimensions();
    let (media_type, bytes) = if content::is_line_work(pixels) {
        (MediaType::Png, lossless::encode(pixels)?)
    } else {
        (MediaType::Jpeg, photograph(pixels)?)
    };
    Ok(Picture { purpose, page, media_type, width, height, bytes })
}

fn photograph(pixels: &RgbImage) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (width, height) = pixels.dimensions();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(bytes)
}
