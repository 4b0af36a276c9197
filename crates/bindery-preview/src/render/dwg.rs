//! DWG: the preview image that AutoCAD leaves in the file. The drawing itself is not read.
//!
//! Layout: Open Design Specification for .dwg files, sections 3 (header: address of the preview at 0x0d) and 14
//! ("Data section AcDb:Preview").

use std::io;

use image::DynamicImage;
use image::codecs::bmp::BmpDecoder;

use super::raster::{self, Decoded};
use crate::Outcome;
use crate::child::{Order, Sink};

/// Where the header holds the address of the preview.
const ADDRESS_AT: usize = 0x0d;
/// What a preview begins with.
const SENTINEL: [u8; 16] = [
    0x1f, 0x25, 0x6d, 0x07, 0xd4, 0x36, 0x28, 0x28, 0x9d, 0x57, 0xca, 0x3f, 0x9d, 0x44, 0x10, 0x2b,
];
/// Codes of the pictures in a preview: a bitmap without its file header, and a PNG. Metafiles (3) are not read.
const BITMAP: u8 = 2;
const PNG: u8 = 6;

/// Renders the preview image.
pub(super) fn render(order: &Order, bytes: &[u8], sink: &mut Sink) -> io::Result<Outcome> {
    match preview(bytes) {
        Some((PNG, picture)) => raster::render(order, picture, sink),
        Some((_, picture)) => {
            let decoded = BmpDecoder::new_without_file_header(io::Cursor::new(picture))
                .and_then(DynamicImage::from_decoder);
            match decoded {
                Ok(decoded) => raster::send(order, Decoded::plain(decoded), sink),
                Err(_) => Ok(Outcome::failed("The preview image in the drawing is damaged.")),
            }
        }
        None => Ok(Outcome::unsupported("The drawing carries no preview image.")),
    }
}

/// The best picture of the preview, with its code.
fn preview(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let address = usize::try_from(number(bytes, ADDRESS_AT)?).ok()?;
    let section = bytes.get(address..)?.strip_prefix(&SENTINEL)?;
    let (count, mut entries) = section.get(4..)?.split_first()?;
    let mut pictures = Vec::new();
    for _ in 0..*count {
        let (entry, rest) = entries.split_at_checked(9)?;
        let (begin, length) = (number(entry, 1)?, number(entry, 5)?);
        let begin = usize::try_from(begin).ok()?;
        let end = begin.checked_add(usize::try_from(length).ok()?)?;
        if let (BITMAP | PNG, Some(picture)) = (entry[0], bytes.get(begin..end)) {
            pictures.push((entry[0], picture));
        }
        entries = rest;
    }
    pictures.into_iter().max_by_key(|(code, picture)| (*code == PNG, picture.len()))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(code: u8, picture: &[u8]) -> Vec<u8> {
        let mut bytes = b"AC1027".to_vec();
        bytes.resize(ADDRESS_AT, 0);
        bytes.extend(32_u32.to_le_bytes());
        bytes.resize(32, 0);
        bytes.extend(SENTINEL);
        bytes.extend([0, 0, 0, 0, 1, code]);
        let begin = u32::try_from(bytes.len() + 8).unwrap();
        bytes.extend(begin.to_le_bytes());
        bytes.extend(u32::try_from(picture.len()).unwrap().to_le_bytes());
        bytes.extend(picture);
        bytes
    }

    #[test]
    fn the_preview_is_found_by_its_address() {
        assert_eq!(preview(&drawing(PNG, b"png")), Some((PNG, &b"png"[..])));
        assert_eq!(preview(&drawing(3, b"wmf")), None);
    }

    #[test]
    fn addresses_beyond_the_end_are_no_preview() {
        let mut bytes = drawing(PNG, b"png");
        bytes.truncate(60);
        assert_eq!(preview(&bytes), None);
        bytes[ADDRESS_AT..ADDRESS_AT + 4].fill(0xff);
        assert_eq!(preview(&bytes), None);
    }
}
