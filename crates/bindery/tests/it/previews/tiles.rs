//! Large sheets in tiles.

use serde_json::Value;

use super::{commit, organization, picture, settled, size};

fn url(tiles: &Value, level: u64, column: u64, row: u64) -> String {
    let template = tiles["urlTemplate"].as_str().unwrap();
    template
        .replace("{level}", &level.to_string())
        .replace("{column}", &column.to_string())
        .replace("{row}", &row.to_string())
}

#[tokio::test]
async fn a_sheet_of_a1_is_there_in_full_sharpness() {
    let organization = organization();
    let version = commit(&organization, "A-40.1-1100.pdf").await;
    let preview = settled(&organization.reader(), &version).await;
    let tiles = &preview["pages"][0]["tiles"];
    let anonymous = organization.anonymous();
    let answer = picture(&anonymous, tiles["url"].as_str().unwrap()).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("cache-control").contains("immutable"));
    let pyramid = answer.json();
    let sharpest = &pyramid["levels"][0];
    let count = |member: &str| sharpest[member].as_u64().unwrap();
    assert!(count("width") > 9_000, "{pyramid}");
    let tile_size = pyramid["tileSize"].as_u64().unwrap();
    assert_eq!(count("columns"), count("width").div_ceil(tile_size));
    assert_eq!(count("rows"), count("height").div_ceil(tile_size));
    let (mut marked, mut blank) = (0, 0);
    // A row through the middle of the sheet.
    for column in 0..count("columns") {
        let answer = picture(&anonymous, &url(tiles, 0, column, count("rows") / 2)).await;
        assert!(answer.header("cache-control").contains("immutable"));
        let (width, height) = size(&answer.body);
        assert!(u64::from(width) <= tile_size && u64::from(height) <= tile_size);
        if answer.body.len() < 250 { blank += 1 } else { marked += 1 }
    }
    assert!(marked > 3, "{marked} tiles with lines, {blank} without");
    let (level, last) = (pyramid["levels"].as_array().unwrap().len() as u64, count("rows"));
    for beyond in
        [url(tiles, level, 0, 0), url(tiles, 0, count("columns"), 0), url(tiles, 0, 0, last)]
    {
        anonymous.get(&beyond).await.problem(404);
    }
    anonymous.get(&url(tiles, 0, 0, 0).replace("&row=0", "&row=x")).await.problem(404);
    let other = url(tiles, 0, 0, 0).replace("-tiles-1", "-tiles-2");
    anonymous.get(&other).await.problem(403);
}

#[tokio::test]
async fn a_small_page_needs_no_tiles() {
    let organization = organization();
    let version = commit(&organization, "arabic.pdf").await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!(preview["pages"][0]["tiles"], Value::Null);
}
