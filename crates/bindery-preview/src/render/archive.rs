//! ZIP and what is made of it: Office files, BIM collaboration files, plain archives.

mod list;
mod office;
mod part;

use std::io;

use zip::ZipArchive;

use super::raster;
use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::source::{Reader, Source};
use crate::{Kind, Outcome};

type Archive<'a> = ZipArchive<Reader<'a>>;

/// Entries of an archive that is opened; the directory of more takes too long to read.
const MOST_ENTRIES: usize = 200_000;
/// Bytes of a snapshot or thumbnail.
const LONGEST_PICTURE: u64 = 32 << 20;

/// Renders whatever the archive is.
pub(super) fn render(order: &Order, source: &Source, sink: &mut Sink) -> io::Result<Outcome> {
    let Some(mut archive) = ZipArchive::new(source.reader()).ok() else {
        sink.send(&Frame::Kind(Kind::Zip))?;
        return Ok(Outcome::failed("The archive is damaged."));
    };
    let kind = kind(&mut archive);
    sink.send(&Frame::Kind(kind))?;
    if archive.len() > MOST_ENTRIES {
        return Ok(Outcome::failed("The archive has too many entries."));
    }
    match kind {
        Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::OpenDocument => {
            office::render(order, kind, &mut archive, sink)
        }
        Kind::Bcf => snapshot(order, &mut archive, sink),
        _ => list::render(order, &mut archive, sink),
    }
}

fn kind(archive: &mut Archive<'_>) -> Kind {
    let has = |archive: &Archive<'_>, name: &str| archive.index_for_name(name).is_some();
    if has(archive, "word/document.xml") {
        Kind::Docx
    } else if has(archive, "xl/workbook.xml") || has(archive, "xl/workbook.bin") {
        Kind::Xlsx
    } else if has(archive, "ppt/presentation.xml") {
        Kind::Pptx
    } else if has(archive, "bcf.version") {
        Kind::Bcf
    } else {
        let declared = part::read(archive, "mimetype", 200).unwrap_or_default();
        if declared.starts_with(b"application/vnd.oasis.opendocument") {
            Kind::OpenDocument
        } else {
            Kind::Zip
        }
    }
}

/// The first snapshot of a BIM collaboration file, with the titles of its topics.
fn snapshot(order: &Order, archive: &mut Archive<'_>, sink: &mut Sink) -> io::Result<Outcome> {
    let mut names = part::names(archive);
    names.sort_unstable();
    let is_picture = |name: &&String| {
        let lower = name.to_ascii_lowercase();
        lower.ends_with(".png") || lower.ends_with(".jpg") || lower.ends_with(".jpeg")
    };
    let is_snapshot = |name: &&String| name.to_ascii_lowercase().contains("snapshot");
    let pictures: Vec<_> = names.iter().filter(is_picture).collect();
    let chosen = pictures.iter().copied().find(is_snapshot).or(pictures.first().copied());
    let bytes = chosen.and_then(|name| part::read(archive, name, LONGEST_PICTURE));
    let outcome = match bytes {
        Some(bytes) => raster::render(order, &bytes, sink)?,
        None => Outcome::unsupported("No topic of this file has a snapshot."),
    };
    let markups = names.iter().filter(|name| name.to_ascii_lowercase().ends_with(".bcf"));
    let markups: Vec<String> = markups.cloned().collect();
    part::send_text(order, archive, &markups, &["Title", "Description", "Comment"], sink)?;
    Ok(outcome)
}
