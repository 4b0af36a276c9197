//! Photographs and scans whose pixels do not mean what they seem to: turned ones, and those of four inks.

use std::io::Cursor;

use bindery_preview::{Kind, Outcome, Task};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::support::render_bytes;

const RED: [u8; 3] = [220, 0, 0];
const GREEN: [u8; 3] = [0, 160, 0];
const BLUE: [u8; 3] = [0, 0, 220];
const WHITE: [u8; 3] = [255; 3];

async fn shown(bytes: &[u8]) -> RgbImage {
    let rendering = render_bytes(bytes, "picture.jpg", Task::Overview).await.unwrap();
    assert_eq!((rendering.outcome, rendering.kind), (Outcome::Ready, Kind::Jpeg));
    image::load_from_memory(&rendering.images[0].bytes).unwrap().to_rgb8()
}

#[track_caller]
fn is_near(pixel: &Rgb<u8>, wanted: [u8; 3], what: &str) {
    let is_near = pixel.0.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) < 30);
    assert!(is_near, "{what}: {pixel:?} is not {wanted:?}");
}

/// Four fields: red and green above blue and white.
fn fields() -> Vec<u8> {
    let picture = RgbImage::from_fn(80, 48, |x, y| match (x < 40, y < 24) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(WHITE),
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Puts a camera's note into a JPEG: how it was held (Exif 2.32, tag 0x0112).
fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut note = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    note.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &note, &jpeg[2..]].concat()
}

#[tokio::test]
async fn a_picture_is_upright_however_the_camera_was_held() {
    let jpeg = fields();
    // What is then at the upper left and at the upper right.
    let corners = [
        (RED, GREEN),
        (GREEN, RED),
        (WHITE, BLUE),
        (BLUE, WHITE),
        (RED, BLUE),
        (BLUE, RED),
        (WHITE, GREEN),
        (GREEN, WHITE),
    ];
    for (orientation, (left, right)) in (1..).zip(corners) {
        let picture = shown(&held(&jpeg, orientation)).await;
        let (width, height) = picture.dimensions();
        let upright = if orientation < 5 { (80, 48) } else { (48, 80) };
        assert_eq!((width, height), upright, "{orientation}");
        is_near(picture.get_pixel(8, 8), left, &format!("{orientation}, left"));
        is_near(picture.get_pixel(width - 8, 8), right, &format!("{orientation}, right"));
    }
}

/// A baseline JPEG of four components, a field of one colour for each entry. `transform` is Adobe's: 0 as it is, 2 YCCK.
fn of_four_inks(fields: &[[u8; 4]], transform: u8) -> Vec<u8> {
    let width = u16::try_from(fields.len() * 8).unwrap();
    let mut jpeg = vec![0xff, 0xd8];
    let mut segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        jpeg.extend([&[0xff, marker][..], &length, data].concat());
    };
    segment(0xee, &[b"Adobe".as_slice(), &[0, 100, 0, 0, 0, 0, transform]].concat());
    // All steps are 8, so that the first coefficient of a field is its level.
    segment(0xdb, &[&[0][..], &[8; 64]].concat());
    let size = [&[0, 8][..], &width.to_be_bytes()].concat();
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x11, 0]).collect();
    segment(0xc0, &[&[8][..], &size, &[4], &components].concat());
    // Differences of levels have codes of four bits each; the end of a field is the one bit 0.
    let four_bits: Vec<u8> = (0..12).collect();
    segment(0xc4, &[&[0, 0, 0, 0, 12][..], &[0; 12], &four_bits].concat());
    segment(0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
    let scan: Vec<u8> = (1..=4).flat_map(|id| [id, 0]).collect();
    segment(0xda, &[&[4][..], &scan, &[0, 63, 0]].concat());
    jpeg.extend(coded(fields));
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

/// The fields as bits (ITU-T T.81, F.1.2): for each difference its length, then itself.
fn coded(fields: &[[u8; 4]]) -> Vec<u8> {
    let mut bits = String::new();
    let mut before = [0_i32; 4];
    for field in fields {
        for (before, level) in before.iter_mut().zip(field) {
            let level = i32::from(*level) - 128;
            let difference = level - *before;
            *before = level;
            let length = 32 - difference.unsigned_abs().leading_zeros();
            let value = if difference < 0 { difference - 1 } else { difference };
            let value = value & ((1 << length) - 1);
            bits += &format!("{length:04b}");
            if length > 0 {
                bits += &format!("{value:0width$b}", width = length as usize);
            }
            bits.push('0');
        }
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    let bytes = bits.as_bytes().chunks(8).map(|bits| std::str::from_utf8(bits).unwrap());
    let bytes = bytes.map(|bits| u8::from_str_radix(bits, 2).unwrap());
    // A full byte in the data is followed by a nought.
    bytes.flat_map(|byte| if byte == 0xff { vec![0xff, 0] } else { vec![byte] }).collect()
}

#[tokio::test]
async fn four_inks_become_the_colours_that_they_print() {
    // As Adobe's programs write them: how much of cyan, magenta, yellow and black is missing.
    let inks = [[255; 4], [0, 255, 255, 255], [255, 0, 0, 255], [255, 255, 255, 0]];
    // The same as one luma and two differences of what is there: no ink has no luma.
    let luma = [[0, 128, 128, 255], [76, 85, 255, 255], [179, 171, 0, 255], [0, 128, 128, 0]];
    for (fields, transform) in [(inks, 0), (luma, 2)] {
        let picture = shown(&of_four_inks(&fields, transform)).await;
        assert_eq!(picture.dimensions(), (32, 8));
        let wanted = [WHITE, [0, 255, 255], [255, 0, 0], [0; 3]];
        for (x, wanted) in (4..).step_by(8).zip(wanted) {
            is_near(picture.get_pixel(x, 4), wanted, &format!("transform {transform}, {x}"));
        }
    }
}
