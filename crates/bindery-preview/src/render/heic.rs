//! HEIC: photographs of telephones.

use std::io;

use heic_rs::context::Context;
use heic_rs::{DecodeOptions, PixelLayout};
use image::{DynamicImage, RgbImage};

use super::raster::{self, Decoded};
use crate::Outcome;
use crate::child::{Order, Sink};

/// Renders a photograph. Its own rotation is applied by the decoder.
pub(super) fn render(order: &Order, bytes: &[u8], sink: &mut Sink) -> io::Result<Outcome> {
    let options = DecodeOptions::default()
        .with_layout(PixelLayout::Rgb8)
        .with_max_pixels(Some(order.pixels))
        .with_threads(Some(1));
    let decoded = match heic_rs::decode(bytes, &options) {
        Ok(decoded) => decoded,
        Err(heic_rs::Error::Unsupported(_)) => {
            return Ok(Outcome::unsupported("This form of HEIC has no preview."));
        }
        Err(_) => return Ok(Outcome::failed("The picture is damaged.")),
    };
    match RgbImage::from_raw(decoded.width, decoded.height, decoded.data) {
        Some(pixels) => {
            let mut decoded = Decoded::plain(DynamicImage::ImageRgb8(pixels));
            decoded.profile = profile(bytes);
            raster::send(order, decoded, sink)
        }
        None => Ok(Outcome::failed("The picture is damaged.")),
    }
}

/// The colour profile of the picture that the file is about: telephones photograph in more colours than the web has.
fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = Context::open(bytes).ok()?;
    let properties = file.props(file.meta.primary).ok()?;
    file.icc(&properties).map(<[u8]>::to_vec)
}
