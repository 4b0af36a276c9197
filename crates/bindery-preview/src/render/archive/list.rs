//! The list of what an archive holds.

use std::io;

use super::Archive;
use crate::Outcome;
use crate::child::{Order, Sink};
use crate::render::lines::{self, Line};
use crate::render::mail::size;

/// Entries that are listed.
const MOST_LISTED: usize = 2_000;

/// Renders the list.
pub(super) fn render(
    order: &Order,
    archive: &mut Archive<'_>,
    sink: &mut Sink,
) -> io::Result<Outcome> {
    let mut listed: Vec<(String, u64)> = Vec::new();
    let mut bytes = 0_u64;
    let mut files = 0_usize;
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else {
            continue;
        };
        let Ok(name) = entry.name() else {
            continue;
        };
        if name.ends_with('/') {
            continue;
        }
        files += 1;
        bytes = bytes.saturating_add(entry.size());
        if listed.len() < MOST_LISTED {
            listed.push((name.into_owned(), entry.size()));
        }
    }
    listed.sort_unstable();
    let noun = if files == 1 { "file" } else { "files" };
    let mut lines =
        vec![Line::heading(format!("{files} {noun}, {}", size(bytes))), Line::plain("")];
    lines.extend(
        listed.iter().map(|(name, bytes)| Line::plain(format!("{:>10}  {name}", size(*bytes)))),
    );
    if listed.len() < files {
        lines.push(Line::plain(format!("{:>10}  and {} more", "", files - listed.len())));
        sink.text_is_incomplete();
    }
    lines::render(order, &lines, sink)
}
