//! Single parts of an archive.

use std::io::{self, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Archive;
use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::render::text::decode;
use crate::{PageText, Task, Word};

/// Bytes of a part that is read for its text; a sheet of a million cells has more, and is cut.
const LONGEST_TEXT: u64 = 24 << 20;
/// Words of a whole file.
const MOST_WORDS: usize = 200_000;

/// Reads a part, unless it unpacks to more than `longest` bytes.
pub(super) fn read(archive: &mut Archive<'_>, name: &str, longest: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let entry = archive.by_name(name).ok()?;
    // What the directory says of the size may be a lie.
    let read = entry.take(longest + 1).read_to_end(&mut bytes).ok()?;
    (read as u64 <= longest).then_some(bytes)
}

/// The names of all parts.
pub(super) fn names(archive: &Archive<'_>) -> Vec<String> {
    archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect()
}

/// Sends what stands in the elements of these local names, each part as a page of words without places.
pub(super) fn send_text(
    order: &Order,
    archive: &mut Archive<'_>,
    parts: &[String],
    elements: &[&str],
    sink: &mut Sink,
) -> io::Result<()> {
    if order.request.task != Task::Overview {
        return Ok(());
    }
    let mut left = MOST_WORDS;
    for (number, name) in (1..).zip(parts) {
        if number > order.pages || left == 0 || !sink.has_time() {
            sink.text_is_incomplete();
            return Ok(());
        }
        let Some(bytes) = read(archive, name, LONGEST_TEXT) else {
            sink.text_is_incomplete();
            continue;
        };
        let text = text(&decode(&bytes), elements);
        let words: Vec<Word> = text.split_whitespace().take(left).map(word).collect();
        left -= words.len();
        if !words.is_empty() {
            sink.send(&Frame::Text(PageText { number, words }))?;
        }
    }
    Ok(())
}

fn word(text: &str) -> Word {
    Word { text: text.to_owned(), x: 0.0, y: 0.0, width: 0.0, height: 0.0 }
}

/// The letters in the named elements, and in all that they hold. Paragraphs, cells and breaks part words.
fn text(xml: &str, elements: &[&str]) -> String {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut text = String::new();
    let mut depth = 0_usize;
    let is_named = |name: &str| elements.contains(&name);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if depth > 0 || is_named(start.local_name().as_ref()) => {
                depth += 1;
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                if matches!(
                    end.local_name().as_ref(),
                    "p" | "h" | "si" | "is" | "Title" | "Comment" | "Description"
                ) {
                    text.push('\n');
                }
            }
            Ok(Event::Empty(empty)) => {
                if matches!(empty.local_name().as_ref(), "tab" | "br" | "s" | "line-break") {
                    text.push(' ');
                }
            }
            Ok(Event::Text(letters)) if depth > 0 => {
                text.push_str(&letters);
            }
            Ok(Event::GeneralRef(reference)) if depth > 0 => {
                text.push_str(&resolve(&reference));
            }
            Ok(Event::Eof) | Err(_) => return text,
            Ok(_) => {}
        }
    }
}

/// What `&amp;`, `&#228;` and their like stand for.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or(" ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_elements_are_read() {
        let xml = "<w:p><w:r><w:t>Min</w:t></w:r><w:r><w:t>imum &amp; L&#228;ge</w:t></w:r></w:p>\
                    <w:p><w:instrText>PAGE</w:instrText><w:t>two</w:t></w:p>";
        assert_eq!(text(xml, &["t"]), "Minimum & L\u{e4}ge\ntwo\n");
    }

    #[test]
    fn a_broken_part_gives_what_it_has() {
        assert_eq!(text("<t>all</t><t>of", &["t"]), "allof");
    }
}
