//! Office files: the thumbnail that they carry, and their text.

use std::io;

use super::{Archive, LONGEST_PICTURE, part, raster};
use crate::child::{Order, Sink};
use crate::{Kind, Outcome};

/// Where thumbnails are: by custom in Office Open XML, by rule in OpenDocument (ODF 1.3, part 2, section 3.9).
const THUMBNAILS: [&str; 4] = [
    "docProps/thumbnail.jpeg",
    "docProps/thumbnail.jpg",
    "docProps/thumbnail.png",
    "Thumbnails/thumbnail.png",
];
/// Where OpenDocument says that a password is needed.
const MANIFEST: &str = "META-INF/manifest.xml";
const LONGEST_MANIFEST: u64 = 4 << 20;

/// Renders an Office file.
pub(super) fn render(
    order: &Order,
    kind: Kind,
    archive: &mut Archive<'_>,
    sink: &mut Sink,
) -> io::Result<Outcome> {
    if kind == Kind::OpenDocument && is_encrypted(archive) {
        return Ok(Outcome::Encrypted);
    }
    let thumbnail = THUMBNAILS.iter().find_map(|name| part::read(archive, name, LONGEST_PICTURE));
    let outcome = match thumbnail {
        Some(bytes) => raster::render(order, &bytes, sink)?,
        None => Outcome::unsupported("The document carries no picture of itself."),
    };
    let (parts, elements) = text_of(kind, archive);
    part::send_text(order, archive, &parts, elements, sink)?;
    Ok(outcome)
}

fn is_encrypted(archive: &mut Archive<'_>) -> bool {
    let manifest = part::read(archive, MANIFEST, LONGEST_MANIFEST).unwrap_or_default();
    manifest.windows(16).any(|window| window == b"encryption-data ")
        || manifest.windows(16).any(|window| window == b"encryption-data>")
}

/// The parts that hold text, in order, and the elements that do so within them.
fn text_of(kind: Kind, archive: &Archive<'_>) -> (Vec<String>, &'static [&'static str]) {
    let one = |name: &str| vec![name.to_owned()];
    match kind {
        Kind::Docx => (one("word/document.xml"), &["t"]),
        // Cells point to shared texts, or have a text of their own.
        Kind::Xlsx => {
            let shared = "xl/sharedStrings.xml";
            let mut parts = numbered(archive, "xl/worksheets/sheet");
            if archive.index_for_name(shared).is_some() {
                parts.insert(0, shared.to_owned());
            }
            (parts, &["t"])
        }
        Kind::Pptx => (numbered(archive, "ppt/slides/slide"), &["t"]),
        _ => (one("content.xml"), &["p", "h"]),
    }
}

/// The parts of a name that are counted, by number: `slide10` comes after `slide9`.
fn numbered(archive: &Archive<'_>, name: &str) -> Vec<String> {
    let number = |part: &str| part.strip_prefix(name)?.strip_suffix(".xml")?.parse::<u32>().ok();
    let mut parts: Vec<_> =
        part::names(archive).into_iter().filter_map(|part| Some((number(&part)?, part))).collect();
    parts.sort_unstable();
    parts.into_iter().map(|(_, part)| part).collect()
}
