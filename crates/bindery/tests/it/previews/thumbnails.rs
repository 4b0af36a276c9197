//! The small picture of a version.

use serde_json::{Value, json};

use super::{commit, commit_as, organization, path, size, with_thumbnail};

#[tokio::test]
async fn a_committed_drawing_gets_a_thumbnail() {
    let organization = organization();
    let version = commit(&organization, "A-40.1-1100.pdf").await;
    let reader = organization.reader();
    let version = with_thumbnail(&reader, &version).await;
    let url = version["thumbnailUrl"].as_str().unwrap();
    let answer = organization.anonymous().get(url).await.expect(200);
    assert_eq!(answer.header("content-type"), "image/png");
    let (width, height) = size(&answer.body);
    assert_eq!(width, 512);
    assert!((355..=368).contains(&height), "{height} is not that of a landscape sheet");
    // Every answer that has versions has it.
    let list = format!("/api/documents/{}/versions", version["documentId"].as_str().unwrap());
    let list = reader.get(&list).await.expect(200).json();
    let listed = list[0]["thumbnailUrl"].as_str().unwrap();
    assert!(listed == url || hour_has_passed(url, listed), "{listed} instead of {url}");
}

#[tokio::test]
async fn a_photograph_stands_upright() {
    let organization = organization();
    let version = commit(&organization, "photo-exif-orientation-6.jpg").await;
    let version = with_thumbnail(&organization.reader(), &version).await;
    let url = version["thumbnailUrl"].as_str().unwrap();
    let answer = organization.anonymous().get(url).await.expect(200);
    assert_eq!(answer.header("content-type"), "image/jpeg");
    let (width, height) = size(&answer.body);
    assert!(width == 512 && height < 512, "{width} x {height}");
}

#[tokio::test]
async fn a_browser_keeps_a_thumbnail_and_may_do_nothing_with_it_but_look() {
    let organization = organization();
    let version = commit(&organization, "image-300dpi.png").await;
    let reader = organization.reader();
    let version = with_thumbnail(&reader, &version).await;
    let url = version["thumbnailUrl"].as_str().unwrap().to_owned();
    let anonymous = organization.anonymous();
    let answer = anonymous.get(&url).await.expect(200);
    assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
    let tag = answer.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 66, "{tag}");
    anonymous.with_header("if-none-match", &tag).get(&url).await.expect(304);
    let head = anonymous.send("HEAD", &url, None).await.expect(200);
    assert_eq!((head.header("etag"), head.body.len()), (tag.as_str(), 0));
    assert_eq!(head.header("content-length"), answer.body.len().to_string());
    // The same URL again, or the browser would fetch it again; another client has another.
    let again = reader.get(&path(&version)).await.expect(200).json();
    let is_same = again["thumbnailUrl"] == *url;
    assert!(is_same || hour_has_passed(&url, again["thumbnailUrl"].as_str().unwrap()));
    let admin = organization.admin().get(&path(&version)).await.expect(200).json();
    assert_ne!(admin["thumbnailUrl"], *url);
}

/// Whether the second URL ends later than the first: the test ran over a full hour.
fn hour_has_passed(first: &str, second: &str) -> bool {
    let ends = |url: &str| url.split("&se=").nth(1).unwrap()[..20].to_owned();
    ends(first) < ends(second)
}

#[tokio::test]
async fn an_altered_url_shows_nothing() {
    let organization = organization();
    let version = commit(&organization, "image-300dpi.png").await;
    let other = commit_as(&organization, "another.png", &super::file("image-300dpi.png")).await;
    let version = with_thumbnail(&organization.reader(), &version).await;
    let url = version["thumbnailUrl"].as_str().unwrap();
    let [id, other] = [&version, &other].map(|version| version["id"].as_str().unwrap());
    let anonymous = organization.anonymous();
    for altered in [
        url.replace(id, other),
        url.replace("-thumbnail", "-page-1"),
        url.replace("&se=2", "&se=3"),
        url.replace("/previews/", "/versions/"),
        url.split("&sig=").next().unwrap().to_owned(),
    ] {
        anonymous.get(&altered).await.problem(403);
    }
    anonymous.send("PUT", url, None).await.problem(405);
}

#[tokio::test]
async fn a_version_has_no_thumbnail_until_it_is_made() {
    let organization = crate::support::organization();
    let version = commit(&organization, "A-40.1-1100.pdf").await;
    assert_eq!(version["thumbnailUrl"], Value::Null);
    let preview =
        organization.reader().get(&format!("{}/preview", path(&version))).await.expect(200);
    assert_eq!(preview.header("cache-control"), "no-store");
    let pending = json!({ "state": "pending", "reason": null, "pageCount": 0, "pages": [] });
    assert_eq!(preview.json(), pending);
}
