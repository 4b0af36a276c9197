//! Thumbnails look like references that were looked at.
//!
//! `BINDERY_UPDATE_REFERENCES=1` writes them anew: look at each before it is committed.

use std::path::PathBuf;

use bindery_preview::{MediaType, Outcome, Purpose, Task};
use image::{GrayImage, RgbImage};

use crate::support::{names, overview, render};

/// How alike a thumbnail must be to its reference.
const ALIKE: f64 = 0.97;

fn references() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/references")
}

/// Mean structural similarity of two pictures of one size (Wang et al., 2004), over squares of eight pixels; the
/// channel that is least alike counts, so that wrong colours are wrong.
pub(crate) fn similarity(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let channel = |picture: &RgbImage, index: usize| {
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            image::Luma([picture.get_pixel(x, y)[index]])
        })
    };
    (0..3)
        .map(|index| similarity_of_greys(&channel(one, index), &channel(other, index)))
        .fold(1.0, f64::min)
}

fn similarity_of_greys(one: &GrayImage, other: &GrayImage) -> f64 {
    const SQUARE: u32 = 8;
    const STEP: usize = 4;
    const C1: f64 = 6.5025;
    const C2: f64 = 58.5225;
    let (width, height) = one.dimensions();
    let (mut sum, mut count) = (0.0, 0.0);
    for y in (0..height.saturating_sub(SQUARE - 1)).step_by(STEP) {
        for x in (0..width.saturating_sub(SQUARE - 1)).step_by(STEP) {
            let n = f64::from(SQUARE * SQUARE);
            let (mut a, mut b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (dx, dy) in (0..SQUARE).flat_map(|dx| (0..SQUARE).map(move |dy| (dx, dy))) {
                let p = f64::from(one.get_pixel(x + dx, y + dy)[0]);
                let q = f64::from(other.get_pixel(x + dx, y + dy)[0]);
                (a, b, aa, bb, ab) = (a + p, b + q, aa + p * p, bb + q * q, ab + p * q);
            }
            let (mean_a, mean_b) = (a / n, b / n);
            let variance_a = aa / n - mean_a * mean_a;
            let variance_b = bb / n - mean_b * mean_b;
            let together = ab / n - mean_a * mean_b;
            sum += (2.0 * mean_a * mean_b + C1) * (2.0 * together + C2)
                / ((mean_a * mean_a + mean_b * mean_b + C1) * (variance_a + variance_b + C2));
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 1.0 }
}

#[test]
fn similarity_tells_pictures_apart() {
    let lines = RgbImage::from_fn(64, 64, |x, _| image::Rgb([if x % 9 == 0 { 0 } else { 255 }; 3]));
    assert!((similarity(&lines, &lines) - 1.0).abs() < 1e-9);
    let turned = image::imageops::rotate90(&lines);
    assert!(similarity(&lines, &turned) < 0.5);
    let mut reddish = lines.clone();
    reddish.pixels_mut().for_each(|pixel| pixel[1] /= 3);
    assert!(similarity(&lines, &reddish) < 0.9);
}

#[tokio::test]
async fn every_thumbnail_looks_like_its_reference() {
    let is_update = std::env::var_os("BINDERY_UPDATE_REFERENCES").is_some();
    let mut seen = Vec::new();
    for name in names().iter().filter(|name| !name.starts_with("bomb")) {
        let rendering = overview(name).await;
        let Some(picture) = rendering.images.first() else {
            continue;
        };
        let path = references().join(format!("{name}.png"));
        let shown = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
        seen.push(path.clone());
        if is_update {
            std::fs::create_dir_all(references()).unwrap();
            shown.save(&path).unwrap();
            continue;
        }
        let reference = image::open(&path)
            .unwrap_or_else(|error| panic!("{name} has no reference: {error}"))
            .to_rgb8();
        assert_eq!(shown.dimensions(), reference.dimensions(), "{name}");
        let alike = similarity(&shown, &reference);
        assert!(alike >= ALIKE, "{name} is only {alike:.3} like its reference");
    }
    let mut kept: Vec<PathBuf> =
        std::fs::read_dir(references()).unwrap().map(|entry| entry.unwrap().path()).collect();
    kept.sort();
    seen.sort();
    assert_eq!(kept, seen, "a reference belongs to no file");
}

#[tokio::test]
async fn a_revision_looks_different() {
    for (first, second) in [
        ("A-40.1-1100.pdf", "A-40.1-1100_bet-A.pdf"),
        ("site-plan-A001_rev-1.pdf", "site-plan-A001_rev-2.pdf"),
    ] {
        let (one, other) = (overview(first).await, overview(second).await);
        assert_ne!(one.images[0].bytes, other.images[0].bytes, "{first}");
    }
    let red = overview("A-40.1-1100_bet-A.pdf").await;
    let red = image::load_from_memory(&red.images[0].bytes).unwrap().to_rgb8();
    assert!(red.pixels().any(|pixel| pixel[0] > 150 && pixel[1] < 110), "no red marks");
}

#[tokio::test]
async fn pages_are_sharp_and_bounded() {
    for (name, longest) in [("large-sheet-arch-e1.pdf", 4096), ("cad-layers-bricscad.pdf", 1754)] {
        let rendering = render(name, Task::Page { number: 1 }).await.unwrap();
        assert_eq!(rendering.outcome, Outcome::Ready, "{name}");
        let picture = &rendering.images[0];
        assert_eq!(picture.purpose, Purpose::Page);
        let long = picture.width.max(picture.height);
        assert!(long.abs_diff(longest) <= 4, "{name}: {long}");
    }
    let missing = render("mixed-page-sizes.pdf", Task::Page { number: 4 }).await.unwrap();
    assert!(matches!(missing.outcome, Outcome::Failed { .. }));
    let last = render("book-117-pages.pdf", Task::Page { number: 117 }).await.unwrap();
    assert_eq!(last.images[0].page, 117);
}

#[tokio::test]
async fn line_work_is_lossless_and_photographs_are_not() {
    for (name, media_type) in [
        ("A-40.1-1100.pdf", MediaType::Png),
        ("cad-layers-bricscad.pdf", MediaType::Png),
        ("photo-exif-orientation-6.jpg", MediaType::Jpeg),
        ("photo-phone.heic", MediaType::Jpeg),
    ] {
        for task in [Task::Overview, Task::Page { number: 1 }] {
            let rendering = render(name, task).await.unwrap();
            assert_eq!(rendering.images[0].media_type, media_type, "{name} {task:?}");
        }
    }
}
