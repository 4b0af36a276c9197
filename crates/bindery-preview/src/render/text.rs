//! Files made of letters: text, Markdown, tables, XML.

mod decode;
mod table;

use std::io;

use super::lines::{self, Line};
use crate::child::{Order, Sink};
use crate::{Kind, Outcome};
pub(super) use decode::decode;

/// How much of a text is shown; the rest of a long log helps nobody.
const SHOWN_BYTES: usize = 1 << 20;

/// Renders the beginning of a text.
pub(super) fn render(
    order: &Order,
    kind: Kind,
    bytes: &[u8],
    sink: &mut Sink,
) -> io::Result<Outcome> {
    let shown = &bytes[..bytes.len().min(SHOWN_BYTES)];
    if shown.len() < bytes.len() {
        sink.text_is_incomplete();
    }
    let text = decode(shown);
    let lines = match kind {
        Kind::Csv => table::lines(&text),
        Kind::Markdown => text.lines().map(markdown).collect(),
        _ => text.lines().map(Line::plain).collect::<Vec<_>>(),
    };
    lines::render(order, &lines, sink)
}

fn markdown(line: &str) -> Line {
    if line.starts_with('#') { Line::heading(line) } else { Line::plain(line) }
}
