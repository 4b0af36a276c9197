//! JPEG files for printing: four inks instead of three colours.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::colour;

/// Decodes the picture where it has four inks, by its profile if there is one.
pub(super) fn decode(bytes: &[u8], profile: Option<&[u8]>) -> Option<RgbImage> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let inks = decoder.input_colorspace()?;
    if !matches!(inks, ColorSpace::CMYK | ColorSpace::YCCK) {
        return None;
    }
    decoder.set_options(options.jpeg_set_out_colorspace(inks));
    let mut pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    if inks == ColorSpace::YCCK {
        from_ycck(&mut pixels);
    }
    // Adobe's programs, which write nearly all such files, store how much ink is missing.
    pixels.iter_mut().for_each(|ink| *ink = u8::MAX - *ink);
    let profile = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    profile
        .filter(|profile| profile.color_space == DataColorSpace::Cmyk)
        .and_then(|profile| colour::converted(&profile, Layout::Rgba, &pixels, size))
        .or_else(|| without_profile(&pixels, size))
}

/// Luma and two differences of colour become the missing amounts of three inks (ITU-T T.872, section 6.3).
fn from_ycck(pixels: &mut [u8]) {
    let (pixels, _) = pixels.as_chunks_mut::<4>();
    for [first, second, third, _] in pixels {
        let (luma, blue, red) =
            (f32::from(*first), f32::from(*second) - 128.0, f32::from(*third) - 128.0);
        *first = level(255.0 - (luma + 1.402 * red));
        *second = level(255.0 - (luma - 0.344_136 * blue - 0.714_136 * red));
        *third = level(255.0 - (luma + 1.772 * blue));
    }
}

fn level(value: f32) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "floats saturate")]
    {
        value.round() as u8
    }
}

fn without_profile(pixels: &[u8], (width, height): (u32, u32)) -> Option<RgbImage> {
    let (pixels, _) = pixels.as_chunks::<4>();
    let shown = |ink: u8, black: u8| {
        let light = u16::from(u8::MAX - ink) * u16::from(u8::MAX - black);
        u8::try_from((light + 127) / 255).unwrap_or(u8::MAX)
    };
    let rgb = pixels.iter().flat_map(|[cyan, magenta, yellow, black]| {
        [shown(*cyan, *black), shown(*magenta, *black), shown(*yellow, *black)]
    });
    RgbImage::from_raw(width, height, rgb.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_take_light_away() {
        let pixels = [0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
        let rgb = without_profile(&pixels, (3, 1)).unwrap();
        assert_eq!(rgb.as_raw(), &[255, 255, 255, 0, 255, 255, 0, 0, 0]);
    }
}
