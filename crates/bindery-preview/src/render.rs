//! What each kind of file becomes.

mod archive;
mod drawing;
mod dwg;
mod dxf;
mod heic;
mod lines;
mod mail;
mod ole;
mod pdf;
mod pixels;
mod raster;
mod sheet;
mod svg;
mod text;
mod tiles;

use std::io;

use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::kind::{self, Kind};
use crate::source::Source;
use crate::{Outcome, Task};

/// Files above this are not read whole: they would leave no memory for the work.
const LONGEST_BYTES: u64 = 192 << 20;

/// Renders the source as ordered.
pub(crate) fn render(order: &Order, source: &mut Source, sink: &mut Sink) -> io::Result<Outcome> {
    source.read_head()?;
    let kind = kind::sniff(source.head(), &order.request.file_name);
    // Of containers only the parts are read that are needed; what they are is told when they were looked into.
    match kind {
        Kind::Zip => return archive::render(order, source, sink),
        Kind::LegacyOffice => return ole::render(order, source, sink),
        _ => sink.send(&Frame::Kind(kind))?,
    }
    if let Some(reason) = reason_against(kind, source.length()) {
        return Ok(Outcome::unsupported(reason));
    }
    let bytes = source.read_all()?;
    match kind {
        Kind::Pdf => pdf::render(order, bytes, sink),
        Kind::Svg => svg::render(order, &bytes, sink),
        Kind::Heic => heic::render(order, &bytes, sink),
        Kind::Dwg => dwg::render(order, &bytes, sink),
        Kind::Dxf => dxf::render(order, &bytes, sink),
        Kind::Eml => mail::render_eml(order, &bytes, sink),
        Kind::Text | Kind::Markdown | Kind::Csv | Kind::Xml => {
            text::render(order, kind, &bytes, sink)
        }
        _ => raster::render(order, &bytes, sink),
    }
}

fn reason_against(kind: Kind, length: u64) -> Option<&'static str> {
    match kind {
        _ if length == 0 => Some("The file is empty."),
        Kind::Unknown => Some("There is no preview for files of this kind."),
        Kind::Ifc => Some("There is no preview for building models."),
        _ if length > LONGEST_BYTES => Some("The file is too large for a preview."),
        _ => None,
    }
}

/// The page that a task is about; the first for an overview.
fn page_of(task: Task) -> u32 {
    match task {
        Task::Overview => 1,
        Task::Page { number } => number,
        Task::Tiles { page } => page,
    }
}
