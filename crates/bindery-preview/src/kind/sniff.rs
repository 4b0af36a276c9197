//! Telling the kind by the first bytes, then by the name.

use super::Kind;

/// How far into a file a PDF's header may stand (ISO 32000-2, annex I: readers accept it within the first 1,024 bytes).
const PDF_HEADER_WITHIN: usize = 1024;
/// What a mail begins with: RFC 5322 headers that come first in practice.
const MAIL_HEADERS: [&str; 12] = [
    "return-path:",
    "received:",
    "delivered-to:",
    "from:",
    "to:",
    "subject:",
    "date:",
    "message-id:",
    "mime-version:",
    "x-",
    "content-type:",
    "dkim-signature:",
];
/// Brands of HEIF files with HEVC pictures (ISO/IEC 23008-12, annex B).
const HEIC_BRANDS: [&[u8; 4]; 5] = [b"heic", b"heix", b"heim", b"heis", b"mif1"];

/// What the first bytes say, or the name where they say nothing. Containers (ZIP, OLE) are looked into later.
pub(crate) fn sniff(head: &[u8], file_name: &str) -> Kind {
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let ending = ending.unwrap_or_default();
    by_magic(head).or_else(|| by_text(head, &ending)).unwrap_or(Kind::Unknown)
}

fn by_magic(head: &[u8]) -> Option<Kind> {
    let kind = match head {
        [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Kind::Png,
        [b'G', b'I', b'F', b'8', ..] => Kind::Gif,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Kind::Bmp,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Kind::Tiff,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Webp,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_heic(brand) => Kind::Heic,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Kind::LegacyOffice,
        [b'A', b'C', b'1', b'0', _, _, ..] => Kind::Dwg,
        [b'A', b'C', b'2' | b'1', _, b'.' | b'0'..=b'9', _, ..] => Kind::Dwg,
        _ if head.starts_with(b"AutoCAD Binary DXF") => Kind::Dxf,
        _ if head.starts_with(b"ISO-10303-21") => Kind::Ifc,
        _ if has_pdf_header(head) => Kind::Pdf,
        // Compressed SVG; other files of gzip have no preview.
        _ => return None,
    };
    Some(kind)
}

fn is_heic(brand: &[u8]) -> bool {
    HEIC_BRANDS.iter().any(|known| brand.starts_with(*known))
}

fn has_pdf_header(head: &[u8]) -> bool {
    let begin = &head[..head.len().min(PDF_HEADER_WITHIN)];
    begin.windows(5).any(|window| window == b"%PDF-")
}

/// Kinds made of letters; the ending decides between them where the text itself does not.
fn by_text(head: &[u8], ending: &str) -> Option<Kind> {
    if matches!((head, ending), ([0x1f, 0x8b, ..], "svgz")) {
        return Some(Kind::Svg);
    }
    if !is_text(head) {
        return None;
    }
    let text = String::from_utf8_lossy(head).replace('\0', "");
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let lower = text.to_ascii_lowercase();
    let kind = if is_dxf(text) {
        Kind::Dxf
    } else if lower.starts_with('<') && lower.contains("<svg") && !lower.contains("<html") {
        Kind::Svg
    } else if lower.starts_with("<?xml") {
        Kind::Xml
    } else if is_mail(&lower, ending) {
        Kind::Eml
    } else {
        match ending {
            "md" | "markdown" => Kind::Markdown,
            "csv" | "tsv" => Kind::Csv,
            "xml" | "gml" | "xsd" | "kml" => Kind::Xml,
            _ => Kind::Text,
        }
    };
    Some(kind)
}

/// Whether bytes are letters: UTF-16, UTF-8 or Windows-1252, with no control characters but those of text. What is no
/// UTF-8 and has one of the five bytes that Windows-1252 leaves without a meaning is something else.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let is_odd = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | 0x1b);
    let is_meaningless = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    // The head may end in the middle of a character.
    let is_utf8 = std::str::from_utf8(head).map_or_else(|end| end.error_len().is_none(), |_| true);
    !head.is_empty() && !head.iter().any(is_odd) && (is_utf8 || !head.iter().any(is_meaningless))
}

/// A DXF begins with the group 0 (or comments of group 999) and a section.
fn is_dxf(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    loop {
        match (lines.next(), lines.next()) {
            (Some("999"), Some(_)) => {}
            (Some("0"), Some("SECTION")) => return true,
            _ => return false,
        }
    }
}

/// Two header lines at the beginning make a mail; one does where the name says so.
fn is_mail(lower: &str, ending: &str) -> bool {
    let is_header = |line: &&str| MAIL_HEADERS.iter().any(|header| line.starts_with(header));
    let mut lines = lower.lines().filter(|line| !line.starts_with([' ', '\t']));
    let wanted = if ending == "eml" { 1 } else { 3 };
    lines.by_ref().take(wanted).filter(is_header).count() == wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_stronger_than_the_name() {
        assert_eq!(sniff(b"%PDF-1.7\n", "picture.jpg"), Kind::Pdf);
        assert_eq!(sniff(&[0xff, 0xd8, 0xff, 0xe0], "drawing.pdf"), Kind::Jpeg);
        assert_eq!(sniff(b"\x00\x00\x00\x18ftypheic\0\0\0\0", "a.jpg"), Kind::Heic);
        assert_eq!(sniff(b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "a.txt"), Kind::Dxf);
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0", "notes.txt"), Kind::Unknown);
    }

    #[test]
    fn the_name_decides_between_texts() {
        assert_eq!(sniff(b"# Title\n", "README.md"), Kind::Markdown);
        assert_eq!(sniff(b"a;b\n1;2\n", "list.CSV"), Kind::Csv);
        assert_eq!(sniff(b"hello\n", "no-ending"), Kind::Text);
        assert_eq!(sniff(&[0xff, 0xfe, b'h', 0, b'i', 0], "a.txt"), Kind::Text);
        assert_eq!(sniff(b"<?xml version='1.0'?><svg xmlns='x'/>", "a"), Kind::Svg);
        assert_eq!(sniff(b"<?xml version='1.0'?><a/>", "a"), Kind::Xml);
    }

    #[test]
    fn a_mail_begins_with_headers() {
        assert_eq!(sniff(b"From: a@b\r\nTo: c@d\r\nSubject: e\r\n\r\nf", "x"), Kind::Eml);
        assert_eq!(sniff(b"Subject: e\n\nf", "x.eml"), Kind::Eml);
        assert_eq!(sniff(b"From: here to there\nwe went\n", "x.txt"), Kind::Text);
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(sniff(b"", "a.txt"), Kind::Unknown);
    }
}
