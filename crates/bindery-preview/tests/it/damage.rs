//! Files with flipped bytes, and bombs: each costs one preview at most.

use std::io::{Cursor, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use bindery_preview::{Outcome, Task};
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::support::{files, names, overview, render_bytes};

/// A small generator (xorshift), so that a printed seed gives the same bytes again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// `BINDERY_DAMAGE_ROUNDS` (5) times each file with a few flipped bytes; `BINDERY_DAMAGE_SEED` repeats a run.
#[expect(clippy::print_stdout, reason = "the seed and what died are shown when a test fails")]
#[tokio::test]
async fn flipped_bytes_cost_one_preview_at_most() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let seed = setting("BINDERY_DAMAGE_SEED").unwrap_or(now);
    let rounds = setting("BINDERY_DAMAGE_ROUNDS").unwrap_or(5);
    println!("BINDERY_DAMAGE_SEED={seed} BINDERY_DAMAGE_ROUNDS={rounds}");
    let mut random = Random(seed | 1);
    for name in names().iter().filter(|name| !name.starts_with("bomb")) {
        let whole = std::fs::read(files().join(name)).unwrap();
        for round in 0..rounds {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(12) {
                let place = random.below(bytes.len());
                bytes[place] ^= u8::try_from(1 + random.below(255)).unwrap();
            }
            match render_bytes(&bytes, name, Task::Overview).await {
                Ok(_) => {}
                Err(error) if error.is_fault_of_file() => println!("{name} {round}: {error}"),
                Err(error) => panic!("seed {seed}, {name}, round {round}: {error:?}"),
            }
        }
    }
    assert_eq!(overview("A-40.1-1100.pdf").await.outcome, Outcome::Ready);
}

/// Zeros, of which a kilobyte unpacks to a megabyte.
fn zeros(bytes: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..bytes >> 20 {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    let mut checked = name.to_vec();
    checked.extend(data);
    let mut crc = flate2::Crc::new();
    crc.update(&checked);
    chunk.extend(checked);
    chunk.extend(crc.sum().to_be_bytes());
    chunk
}

#[tokio::test]
async fn a_picture_that_claims_too_many_pixels_is_refused_unread() {
    let mut header = Vec::new();
    header.extend(60_000_u32.to_be_bytes());
    header.extend(60_000_u32.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(b"IHDR", &header));
    png.extend(chunk(b"IDAT", &zeros(4 << 20)));
    png.extend(chunk(b"IEND", &[]));
    let rendering = render_bytes(&png, "bomb.png", Task::Overview).await.unwrap();
    let Outcome::Failed { reason } = rendering.outcome else {
        panic!("{:?}", rendering.outcome);
    };
    assert_eq!(reason, "The picture has too many pixels.");
}

#[tokio::test]
async fn a_page_whose_content_unpacks_without_end_costs_one_preview() {
    let content = zeros(1 << 30);
    let mut pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>endobj\n"
        .to_vec();
    pdf.extend(format!("4 0 obj<</Filter/FlateDecode/Length {}>>stream\n", content.len()).bytes());
    pdf.extend(content);
    pdf.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n");
    match render_bytes(&pdf, "bomb.pdf", Task::Overview).await {
        Ok(_) => {}
        Err(error) => assert!(error.is_fault_of_file(), "{error:?}"),
    }
}

#[tokio::test]
async fn a_deeply_nested_file_costs_one_preview() {
    let mut pdf = b"%PDF-1.7\n1 0 obj".to_vec();
    pdf.extend(b"[".repeat(2_000_000));
    pdf.extend(b"\nendobj\ntrailer<</Root 1 0 R>>\n");
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>",
        "<g>".repeat(200_000)
    );
    let xml = format!("<?xml version='1.0'?>{}", "<a>".repeat(200_000));
    for (name, bytes) in [("a.pdf", pdf), ("a.svg", svg.into_bytes()), ("a.xml", xml.into_bytes())]
    {
        match render_bytes(&bytes, name, Task::Overview).await {
            Ok(_) => {}
            Err(error) => assert!(error.is_fault_of_file(), "{name}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn an_archive_that_unpacks_without_end_is_only_listed() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["mimetype", "word/document.xml", "docProps/thumbnail.jpeg"] {
        writer.start_file(name, options).unwrap();
        for _ in 0..256 {
            writer.write_all(&vec![0; 1 << 20]).unwrap();
        }
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 21);
    let rendering = render_bytes(&bytes, "bomb.docx", Task::Overview).await.unwrap();
    assert!(matches!(rendering.outcome, Outcome::Unsupported { .. }), "{:?}", rendering.outcome);
    assert!(!rendering.is_text_complete);
}

#[tokio::test]
async fn an_entity_that_grows_without_end_costs_one_preview() {
    let mut svg = "<!DOCTYPE svg [<!ENTITY a0 'aaaaaaaaaa'>".to_owned();
    for level in 1..20 {
        let inner = format!("&a{};", level - 1).repeat(10);
        svg.push_str(&format!("<!ENTITY a{level} '{inner}'>"));
    }
    svg.push_str(
        "]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&a19;</text></svg>",
    );
    match render_bytes(svg.as_bytes(), "a.svg", Task::Overview).await {
        Ok(rendering) => assert!(matches!(rendering.outcome, Outcome::Failed { .. })),
        Err(error) => assert!(error.is_fault_of_file(), "{error:?}"),
    }
}
