//! What all drawn pages have in common: from a way to draw a page to the pictures of a task.

use std::io;

use image::RgbImage;
use image::imageops::crop_imm;

use super::tiles::{self, BAND_PX};
use crate::child::{Order, Sink};
use crate::encode::encode;
use crate::frames::Frame;
use crate::{Outcome, PageSize, Purpose, Task, scale};

/// A page that can be drawn at any scale.
pub(super) struct Sheet<'a> {
    pub(super) size: PageSize,
    /// Draws it; the factor is that from points to pixels.
    pub(super) draw: &'a dyn Fn(f64) -> Option<RgbImage>,
}

/// Sends the sizes of all pages and the pictures that the task asks for.
pub(super) fn send(order: &Order, sheets: &[Sheet<'_>], sink: &mut Sink) -> io::Result<Outcome> {
    let count = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
    let sizes = sheets.iter().map(|sheet| sheet.size).collect();
    sink.send(&Frame::Pages { count, sizes })?;
    let number = super::page_of(order.request.task);
    let Some(sheet) = number.checked_sub(1).and_then(|index| sheets.get(index as usize)) else {
        return Ok(Outcome::failed("There is no such page."));
    };
    let PageSize { width_pt, height_pt, .. } = sheet.size;
    let factor = match order.request.task {
        Task::Overview => scale::thumbnail(width_pt, height_pt),
        Task::Page { .. } => scale::page(width_pt, height_pt),
        Task::Tiles { .. } => scale::tiles(width_pt, height_pt),
    };
    let Some(pixels) = (sheet.draw)(factor) else {
        return Ok(Outcome::failed("The page cannot be drawn."));
    };
    match order.request.task {
        Task::Overview => sink.send_picture(&encode(&pixels, Purpose::Thumbnail, number)?)?,
        Task::Page { .. } => sink.send_picture(&encode(&pixels, Purpose::Page, number)?)?,
        Task::Tiles { .. } => send_tiles(order, number, &pixels, sink)?,
    }
    Ok(Outcome::Ready)
}

/// Sends the band of tiles that was ordered.
pub(super) fn send_tiles(
    order: &Order,
    page: u32,
    pixels: &RgbImage,
    sink: &mut Sink,
) -> io::Result<()> {
    let (width, height) = pixels.dimensions();
    let top = order.band.saturating_mul(BAND_PX).min(height - 1);
    let part = crop_imm(pixels, 0, top, width, BAND_PX.min(height - top)).to_image();
    tiles::send_band(sink, tiles::pyramid(page, (width, height)), order.band, part)
}
