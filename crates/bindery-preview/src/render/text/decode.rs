//! Bytes become letters.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into an XML file its encoding may be declared.
const DECLARED_WITHIN: usize = 200;

/// Reads a text: a byte order mark counts first, then what an XML declaration says, then UTF-8 where it is valid. All
/// else is Windows-1252, which holds ISO-8859-1.
pub(in crate::render) fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared(bytes).or_else(|| guessed(bytes)).unwrap_or(WINDOWS_1252),
    };
    let (text, _, _) = encoding.decode(bytes);
    text.into_owned()
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let begin = bytes.strip_prefix(b"<?xml")?;
    let begin = String::from_utf8_lossy(&begin[..begin.len().min(DECLARED_WITHIN)]);
    let (declaration, _) = begin.split_once("?>")?;
    let (_, label) = declaration.split_once("encoding")?;
    let label = label.trim_start().strip_prefix('=')?.trim_start();
    let quote = label.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(label[1..].split(quote).next()?.as_bytes())
}

fn guessed(bytes: &[u8]) -> Option<&'static Encoding> {
    // A text that was cut may end within a letter.
    let is_utf8 = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if is_utf8 && !bytes.contains(&0) {
        return Some(UTF_8);
    }
    let zeros_at =
        |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    match (even * 4 > bytes.len(), odd * 4 > bytes.len()) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_usual_encoding_is_read() {
        assert_eq!(decode("Ändring å".as_bytes()), "Ändring å");
        assert_eq!(decode(b"\xc4ndring \xe5 \x80"), "Ändring å €");
        assert_eq!(decode(&utf16("\u{feff}Ändring", u16::to_le_bytes)), "Ändring");
        assert_eq!(decode(&utf16("\u{feff}Ändring", u16::to_be_bytes)), "Ändring");
        assert_eq!(decode(&utf16("Ritning av", u16::to_le_bytes)), "Ritning av");
    }

    #[test]
    fn xml_says_its_own_encoding() {
        let xml = b"<?xml version=\"1.0\" encoding='ISO-8859-15'?><a>\xa4</a>";
        assert!(decode(xml).contains('€'));
    }

    #[test]
    fn a_letter_cut_in_two_does_not_change_the_encoding() {
        assert!(decode(&"å".as_bytes()[..1]).starts_with('\u{fffd}'));
    }
}
