//! Kinds and forms that the sample files lack, made here.

use std::io::Cursor;

use bindery_preview::{Kind, Outcome, Rendering, Task};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::support::{render_bytes, text};

async fn shown(bytes: &[u8], name: &str) -> Rendering {
    let rendering = render_bytes(bytes, name, Task::Overview).await.unwrap();
    assert_eq!(rendering.outcome, Outcome::Ready, "{name}");
    rendering
}

fn pixels(rendering: &Rendering) -> RgbImage {
    image::load_from_memory(&rendering.images[0].bytes).unwrap().to_rgb8()
}

/// Red on the left, blue on the right.
fn two_colours() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(80, 40, |x, _| {
        Rgb(if x < 40 { [200, 0, 0] } else { [0, 0, 200] })
    }))
}

fn is_near(pixel: &Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel.0.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) < 24)
}

#[tokio::test]
async fn all_forms_of_pixels_are_read() {
    for (format, kind) in [
        (ImageFormat::Bmp, Kind::Bmp),
        (ImageFormat::Gif, Kind::Gif),
        (ImageFormat::Png, Kind::Png),
        (ImageFormat::Jpeg, Kind::Jpeg),
        (ImageFormat::Tiff, Kind::Tiff),
        (ImageFormat::WebP, Kind::Webp),
    ] {
        let mut bytes = Cursor::new(Vec::new());
        two_colours().write_to(&mut bytes, format).unwrap();
        let rendering = shown(&bytes.into_inner(), "picture").await;
        assert_eq!(rendering.kind, kind);
        let pixels = pixels(&rendering);
        assert_eq!(pixels.dimensions(), (80, 40), "small pictures are not blown up");
        assert!(is_near(pixels.get_pixel(10, 20), [200, 0, 0]), "{format:?}");
        assert!(is_near(pixels.get_pixel(70, 20), [0, 0, 200]), "{format:?}");
    }
}

#[tokio::test]
async fn transparency_is_shown_on_white() {
    let clear = DynamicImage::ImageRgba8(image::RgbaImage::new(20, 20));
    let mut bytes = Cursor::new(Vec::new());
    clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert_eq!(pixels(&shown(bytes.get_ref(), "a.png").await).get_pixel(9, 9).0, [255; 3]);
}

#[tokio::test]
async fn svg_is_drawn_and_fetches_nothing() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
        width='40' height='20'><rect width='20' height='20' fill='#00aa00'/>\
        <image xlink:href='file:///etc/hostname' width='9' height='9'/></svg>";
    let rendering = shown(svg.as_bytes(), "a.svg").await;
    assert_eq!(rendering.kind, Kind::Svg);
    let pixels = pixels(&rendering);
    assert_eq!(pixels.dimensions(), (512, 256));
    assert_eq!(pixels.get_pixel(100, 100).0, [0, 170, 0]);
    assert_eq!(pixels.get_pixel(400, 100).0, [255; 3]);
}

#[tokio::test]
async fn texts_are_read_in_their_encoding_and_laid_out() {
    let utf16: Vec<u8> =
        "\u{feff}Ändring på plan 2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, name, kind) in [
        ("Ändring på plan 2".as_bytes().to_vec(), "a.txt", Kind::Text),
        (b"\xc4ndring p\xe5 plan 2".to_vec(), "a.log", Kind::Text),
        (utf16, "a.txt", Kind::Text),
        ("# Ändring på plan 2".as_bytes().to_vec(), "a.md", Kind::Markdown),
        ("Ändring;på plan 2\n1;2\n".as_bytes().to_vec(), "a.csv", Kind::Csv),
    ] {
        let rendering = shown(&bytes, name).await;
        assert_eq!(rendering.kind, kind, "{name}");
        assert!(text(&rendering).contains("Ändring på plan 2"), "{name}: {}", text(&rendering));
        assert!(rendering.text[0].words.iter().all(|word| word.width > 0.0));
        assert!(pixels(&rendering).pixels().any(|pixel| pixel[0] < 120), "{name} is blank");
    }
}

#[tokio::test]
async fn a_long_text_has_pages() {
    let long = "a line of a log\n".repeat(200);
    let rendering = shown(long.as_bytes(), "a.log").await;
    assert_eq!(rendering.page_count, 4);
    let last = render_bytes(long.as_bytes(), "a.log", Task::Page { number: 4 }).await.unwrap();
    assert_eq!((last.outcome, last.images[0].page), (Outcome::Ready, 4));
}

#[tokio::test]
async fn a_drawing_exchange_file_is_drawn() {
    let dxf = "0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nDOOR\n10\n0\n20\n0\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n10\n21\n0\n\
        0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n\
        0\nLINE\n8\n0\n62\n1\n10\n0\n20\n0\n11\n100\n21\n0\n\
        0\nLINE\n8\n0\n62\n1\n10\n100\n20\n0\n11\n100\n21\n50\n\
        0\nINSERT\n8\n0\n62\n5\n2\nDOOR\n10\n20\n20\n25\n41\n4\n42\n4\n\
        0\nTEXT\n8\n0\n10\n5\n20\n40\n40\n5\n1\nHALL 12\n\
        0\nENDSEC\n0\nEOF\n";
    let rendering = shown(dxf.as_bytes(), "a.dxf").await;
    assert_eq!(rendering.kind, Kind::Dxf);
    assert_eq!(text(&rendering), "HALL 12");
    let pixels = pixels(&rendering);
    assert!(pixels.pixels().any(|pixel| pixel[0] > 180 && pixel[1] < 90), "no red line");
    // The block stands at half the height and is blue: it takes its insertion's colour only where it says so.
    let middle = (150..300).any(|x| pixels.get_pixel(x, pixels.height() / 2)[0] < 200);
    assert!(middle, "no block");
}

#[tokio::test]
async fn what_has_no_preview_says_so_calmly() {
    for (bytes, name, kind) in [
        (&b""[..], "empty.pdf", Kind::Unknown),
        (&b"\x7fELF\0\0\0\0\x01\x02"[..], "program", Kind::Unknown),
        (&b"0\0AutoCAD"[..], "a.bin", Kind::Unknown),
    ] {
        let rendering = render_bytes(bytes, name, Task::Overview).await.unwrap();
        assert_eq!(rendering.kind, kind, "{name}");
        let Outcome::Unsupported { reason } = rendering.outcome else {
            panic!("{name}: {:?}", rendering.outcome);
        };
        assert!(reason.ends_with('.') && reason.len() < 80, "{reason}");
    }
}

#[tokio::test]
async fn the_input_is_read_from_its_beginning_whatever_its_offset() {
    use std::io::{Seek, SeekFrom};
    let mut file = crate::support::file_of(b"hello");
    file.seek(SeekFrom::End(0)).unwrap();
    let request =
        bindery_preview::RenderRequest { file_name: "a.txt".to_owned(), task: Task::Overview };
    let rendering = crate::support::worker().render(file, &request).await.unwrap();
    assert_eq!(text(&rendering), "hello");
}
