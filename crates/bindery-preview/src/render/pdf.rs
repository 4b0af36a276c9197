//! PDF.

mod draw;
mod text;

use std::io;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::tiles::{self, BAND_PX};
use crate::child::{Order, Sink};
use crate::encode::encode;
use crate::frames::Frame;
use crate::{Outcome, PageSize, Purpose, Task, scale};
use draw::Painter;

/// The longest edge that counts as a page (a kilometre), in points.
const LONGEST_EDGE: f64 = 2_834_645.0;

/// Renders a PDF.
pub(super) fn render(order: &Order, bytes: Vec<u8>, sink: &mut Sink) -> io::Result<Outcome> {
    let pdf = match Pdf::new(bytes) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            return Ok(Outcome::Encrypted);
        }
        Err(LoadPdfError::Decryption(_)) => {
            return Ok(Outcome::failed("The file is encrypted in a way that is not known here."));
        }
        Err(LoadPdfError::Invalid) => return Ok(Outcome::failed("The file is damaged.")),
    };
    let pages = pdf.pages();
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let sizes: Vec<_> = (1..=count.min(order.pages)).zip(pages.iter()).map(size).collect();
    sink.send(&Frame::Pages { count, sizes })?;

    let number = super::page_of(order.request.task);
    let Some(page) = number.checked_sub(1).and_then(|index| pages.get(index as usize)) else {
        return Ok(Outcome::failed("There is no such page."));
    };
    let PageSize { width_pt, height_pt, .. } = size((number, page));
    let is_page = |edge: f64| edge.is_finite() && edge > 0.0 && edge < LONGEST_EDGE;
    if !is_page(width_pt) || !is_page(height_pt) {
        return Ok(Outcome::failed("The page has no size."));
    }
    let painter = Painter::default();
    match order.request.task {
        Task::Overview => {
            let pixels = painter.page(page, scale::thumbnail(width_pt, height_pt));
            sink.send_picture(&encode(&pixels, Purpose::Thumbnail, number)?)?;
            text::send_all(order, &pdf, sink)?;
        }
        Task::Page { .. } => {
            let pixels = painter.page(page, scale::page(width_pt, height_pt));
            sink.send_picture(&encode(&pixels, Purpose::Page, number)?)?;
        }
        Task::Tiles { .. } => {
            let factor = scale::tiles(width_pt, height_pt);
            let size = (scale::whole(width_pt * factor), scale::whole(height_pt * factor));
            let top = order.band.saturating_mul(BAND_PX).min(size.1 - 1);
            let part = (size.0, BAND_PX.min(size.1 - top));
            let pixels = painter.part(page, factor, top, part);
            tiles::send_band(sink, tiles::pyramid(number, size), order.band, pixels)?;
        }
    }
    Ok(Outcome::Ready)
}

fn size((number, page): (u32, &Page<'_>)) -> PageSize {
    let (width, height) = page.render_dimensions();
    PageSize { number, width_pt: f64::from(width), height_pt: f64::from(height) }
}
