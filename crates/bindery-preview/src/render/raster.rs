//! Photographs, scans and other pictures made of pixels.

mod cmyk;
mod colour;
mod resolution;
mod tiff;

use std::borrow::Cow;
use std::io::{self, Cursor};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use super::{pixels, sheet};
use crate::child::{Order, Sink};
use crate::encode::encode;
use crate::frames::Frame;
use crate::scale::{PAGE_PX, POINTS_PER_INCH, THUMBNAIL_PX};
use crate::{Outcome, PageSize, Purpose, Task};

/// Dots per inch where the file does not tell.
const USUAL_DPI: f64 = 96.0;
/// Bytes that a decoder may use for a pixel, with what it needs beside them.
const BYTES_PER_PIXEL: u64 = 4;

/// A decoded picture before it is turned upright and its colours are those of the web.
pub(super) struct Decoded {
    pub(super) pixels: RgbImage,
    pub(super) orientation: Orientation,
    /// The colour profile of the pixels.
    pub(super) profile: Option<Vec<u8>>,
    /// Dots per inch.
    pub(super) dpi: Option<f64>,
    /// Which page of the file it is, and how many there are.
    pub(super) page: (u32, u32),
}

impl Decoded {
    /// A picture that says nothing more of itself.
    pub(super) fn plain(pixels: DynamicImage) -> Self {
        let orientation = Orientation::NoTransforms;
        Self { pixels: on_white(pixels), orientation, profile: None, dpi: None, page: (1, 1) }
    }

    /// Width and height of the upright picture in pixels.
    fn upright(&self) -> (u32, u32) {
        let (width, height) = self.pixels.dimensions();
        let is_on_its_side = matches!(
            self.orientation,
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        );
        if is_on_its_side { (height, width) } else { (width, height) }
    }

    /// The picture as people see it, with no edge longer than that. Fewer pixels are turned and recoloured faster.
    fn shown(self, edge: u32) -> RgbImage {
        let mut small = DynamicImage::ImageRgb8(pixels::fit(self.pixels, edge));
        small.apply_orientation(self.orientation);
        colour::to_srgb(small.into_rgb8(), self.profile.as_deref())
    }
}

/// Renders a picture file.
pub(super) fn render(order: &Order, bytes: &[u8], sink: &mut Sink) -> io::Result<Outcome> {
    match decode(order, bytes) {
        Ok(decoded) => send(order, decoded, sink),
        Err(outcome) => Ok(outcome),
    }
}

/// Sends a decoded picture.
pub(super) fn send(order: &Order, decoded: Decoded, sink: &mut Sink) -> io::Result<Outcome> {
    let (width, height) = decoded.upright();
    let points = POINTS_PER_INCH / decoded.dpi.unwrap_or(USUAL_DPI);
    let (page, count) = decoded.page;
    let size = |number| PageSize {
        number,
        width_pt: f64::from(width) * points,
        height_pt: f64::from(height) * points,
    };
    sink.send(&Frame::Pages { count, sizes: vec![size(page)] })?;
    match order.request.task {
        Task::Overview => {
            let shown = decoded.shown(THUMBNAIL_PX);
            sink.send_picture(&encode(&shown, Purpose::Thumbnail, page)?)?;
        }
        Task::Page { .. } => {
            let shown = decoded.shown(PAGE_PX);
            sink.send_picture(&encode(&shown, Purpose::Page, page)?)?;
        }
        Task::Tiles { .. } => sheet::send_tiles(order, page, &decoded.shown(u32::MAX), sink)?,
    }
    Ok(Outcome::Ready)
}

fn decode(order: &Order, bytes: &[u8]) -> Result<Decoded, Outcome> {
    let number = super::page_of(order.request.task);
    let format = image::guess_format(bytes).map_err(damaged)?;
    let (bytes, count) = match format {
        ImageFormat::Tiff => tiff::page(bytes, number).ok_or_else(no_such_page)?,
        _ if number == 1 => (Cow::Borrowed(bytes), 1),
        _ => return Err(no_such_page()),
    };
    let mut decoder =
        ImageReader::with_format(Cursor::new(&*bytes), format).into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > order.pixels {
        return Err(Outcome::failed("The picture has too many pixels."));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let dpi = resolution::dpi(format, &bytes);
    let page = (number, count);
    if format == ImageFormat::Jpeg
        && let Some(pixels) = cmyk::decode(&bytes, profile.as_deref())
    {
        return Ok(Decoded { pixels, orientation, profile: None, dpi, page });
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(order.pixels * BYTES_PER_PIXEL);
    decoder.set_limits(limits).map_err(damaged)?;
    let pixels = on_white(DynamicImage::from_decoder(decoder).map_err(damaged)?);
    Ok(Decoded { pixels, orientation, profile, dpi, page })
}

fn damaged(_: image::ImageError) -> Outcome {
    Outcome::failed("The picture is damaged.")
}

fn no_such_page() -> Outcome {
    Outcome::failed("There is no such page.")
}

/// Transparent pictures are shown on white paper.
fn on_white(decoded: DynamicImage) -> RgbImage {
    if !decoded.color().has_alpha() {
        return decoded.into_rgb8();
    }
    let rgba = decoded.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from[3]);
        for channel in 0..3 {
            let mixed = (u32::from(from[channel]) * alpha + 255 * (255 - alpha) + 127) / 255;
            to[channel] = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    rgb
}
