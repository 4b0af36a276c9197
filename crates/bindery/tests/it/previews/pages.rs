//! Pictures of pages, made when somebody asks.

use serde_json::Value;

use super::{commit, organization, picture, settled, size};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[tokio::test]
async fn every_page_has_its_own_size_and_a_url_that_makes_it() {
    let organization = organization();
    let version = commit(&organization, "mixed-page-sizes.pdf").await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!((&preview["state"], &preview["pageCount"]), (&"ready".into(), &3.into()));
    let pages = preview["pages"].as_array().unwrap();
    assert_eq!(pages.len(), 3);
    let mut sizes = Vec::new();
    for (n, page) in (1_u64..).zip(pages) {
        assert_eq!(page["number"], n);
        let (width, height) = (number(&page["widthPt"]), number(&page["heightPt"]));
        assert!((number(&page["widthMm"]) - width * 25.4 / 72.0).abs() < 0.01);
        assert!((number(&page["heightMm"]) - height * 25.4 / 72.0).abs() < 0.01);
        let url = page["url"].as_str().unwrap();
        let answer = picture(&organization.anonymous(), url).await;
        assert!(answer.header("cache-control").contains("immutable"));
        let (wide, high) = size(&answer.body);
        let inches = |pixels: u32| f64::from(pixels) * 72.0 / 150.0;
        assert!((inches(wide) - width).abs() < 1.0, "page {n}: {wide} pixels for {width} pt");
        assert!((inches(high) - height).abs() < 1.0, "page {n}: {high} pixels for {height} pt");
        sizes.push((width, height));
    }
    sizes.dedup();
    assert!(sizes.len() > 1, "{sizes:?}");
}

#[tokio::test]
async fn pages_of_a_large_sheet_are_bounded_and_stay_what_they_are() {
    let organization = organization();
    let version = commit(&organization, "drawing-set-6-sheets.pdf").await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!(preview["pageCount"], 6);
    let page = &preview["pages"][0];
    assert_eq!((number(&page["widthPt"]), number(&page["heightPt"])), (2448.0, 1584.0));
    assert_eq!(number(&page["widthMm"]), 863.6);
    let url = preview["pages"][4]["url"].as_str().unwrap();
    let first = picture(&organization.anonymous(), url).await;
    assert_eq!(size(&first.body).0, 4096);
    let second = picture(&organization.anonymous(), url).await;
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("etag"), second.header("etag"));
    let other = preview["pages"][1]["url"].as_str().unwrap();
    assert_ne!(picture(&organization.anonymous(), other).await.body, first.body);
}
