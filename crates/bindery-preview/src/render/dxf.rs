//! DXF: lines, arcs, curves, areas, text and blocks of the model, drawn simply. Hatches, pictures and solids are left out.
//!
//! Group codes and entities: the DXF Reference of AutoCAD.

mod blocks;
mod colour;
mod curves;
mod entities;
mod groups;
mod lettering;
mod picture;

use std::io;

use super::sheet::{self, Sheet};
use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::{Outcome, PageSize, PageText, Task, Word};
use blocks::File;
use picture::Picture;

/// Renders a drawing.
pub(super) fn render(order: &Order, bytes: &[u8], sink: &mut Sink) -> io::Result<Outcome> {
    if bytes.starts_with(b"AutoCAD Binary DXF") {
        return Ok(Outcome::unsupported("There is no preview for binary DXF files."));
    }
    let text = groups::decode(bytes);
    let file = File::read(&text);
    let mut picture = Picture::default();
    file.draw(&mut picture);
    let Some((width_pt, height_pt)) = picture.size() else {
        return Ok(Outcome::unsupported("The drawing has nothing that can be shown here."));
    };
    let size = PageSize { number: 1, width_pt, height_pt };
    let draw = |factor: f64| picture.draw(factor);
    let outcome = sheet::send(order, &[Sheet { size, draw: &draw }], sink)?;
    if order.request.task == Task::Overview {
        send_text(&picture, sink)?;
    }
    Ok(outcome)
}

fn send_text(picture: &Picture, sink: &mut Sink) -> io::Result<()> {
    let place =
        |text: &str| Word { text: text.to_owned(), x: 0.0, y: 0.0, width: 0.0, height: 0.0 };
    let words: Vec<Word> = picture.texts().flat_map(str::split_whitespace).map(place).collect();
    if words.is_empty() {
        return Ok(());
    }
    sink.send(&Frame::Text(PageText { number: 1, words }))
}
