//! SVG.

use std::io;

use super::drawing::Drawing;
use super::sheet::{self, Sheet};
use crate::child::{Order, Sink};
use crate::{Outcome, PageSize};

/// Points of a CSS pixel.
const POINTS_PER_PIXEL: f64 = 0.75;

/// Renders an SVG.
pub(super) fn render(order: &Order, bytes: &[u8], sink: &mut Sink) -> io::Result<Outcome> {
    let Some(drawing) = Drawing::parse(bytes) else {
        return Ok(Outcome::failed("The drawing is damaged."));
    };
    let (width, height) = drawing.size();
    let size = PageSize {
        number: 1,
        width_pt: width * POINTS_PER_PIXEL,
        height_pt: height * POINTS_PER_PIXEL,
    };
    let draw = |factor: f64| drawing.draw(factor * POINTS_PER_PIXEL);
    sheet::send(order, &[Sheet { size, draw: &draw }], sink)
}
