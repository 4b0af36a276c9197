//! Pyramids of large sheets.

use std::collections::HashMap;

use bindery_preview::{Outcome, Purpose, Rendering, Task};
use image::RgbImage;
use image::imageops::FilterType;

use crate::pictures::similarity;
use crate::support::{overview, render};

/// Puts the tiles of a level together on white paper.
fn assembled(rendering: &Rendering, level: usize) -> RgbImage {
    let pyramid = rendering.pyramid.as_ref().unwrap();
    let shape = pyramid.levels[level];
    let mut whole = RgbImage::from_pixel(shape.width, shape.height, image::Rgb([255; 3]));
    for picture in &rendering.images {
        let Purpose::Tile { level: of, column, row } = picture.purpose else {
            panic!("{:?}", picture.purpose);
        };
        if of as usize == level {
            assert!(column < shape.columns && row < shape.rows, "{column} {row} {shape:?}");
            let tile = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
            let (x, y) = (column * pyramid.tile_px, row * pyramid.tile_px);
            image::imageops::replace(&mut whole, &tile, x.into(), y.into());
        }
    }
    whole
}

#[tokio::test]
async fn the_tiles_of_a_sheet_make_its_picture() {
    let name = "A-40.1-1100.pdf";
    assert!(overview(name).await.pages[0].has_tiles());
    let rendering = render(name, Task::Tiles { page: 1 }).await.unwrap();
    assert_eq!(rendering.outcome, Outcome::Ready);
    let pyramid = rendering.pyramid.as_ref().unwrap();
    let shape = pyramid.levels[0];
    // A1 at 300 dots per inch.
    assert!(shape.width.abs_diff(9933) < 8 && shape.height.abs_diff(7016) < 8, "{shape:?}");
    let mut tiles: HashMap<Purpose, usize> = HashMap::new();
    rendering.images.iter().for_each(|picture| *tiles.entry(picture.purpose).or_default() += 1);
    assert!(tiles.values().all(|count| *count == 1), "a tile came twice");

    let page = render(name, Task::Page { number: 1 }).await.unwrap();
    let page = image::load_from_memory(&page.images[0].bytes).unwrap();
    for level in 0..pyramid.levels.len() {
        let whole = image::DynamicImage::ImageRgb8(assembled(&rendering, level));
        let small = |picture: &image::DynamicImage| {
            picture.resize_exact(800, 566, FilterType::Triangle).to_rgb8()
        };
        let alike = similarity(&small(&whole), &small(&page));
        assert!(alike > 0.9, "level {level}: {alike}");
    }
}

#[tokio::test]
async fn small_pages_need_no_tiles_and_missing_pages_have_none() {
    assert!(!overview("mixed-page-sizes.pdf").await.pages[0].has_tiles());
    let rendering = render("A-40.1-1100.pdf", Task::Tiles { page: 7 }).await.unwrap();
    assert!(matches!(rendering.outcome, Outcome::Failed { .. }));
}
