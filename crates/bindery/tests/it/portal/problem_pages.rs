//! The `type` of every problem leads to a page that says what it means.

use std::collections::BTreeSet;

use super::browser;
use crate::support::pluck;

#[tokio::test]
async fn every_problem_type_leads_to_its_page() {
    let browser = browser().await;
    let document = browser.get("/openapi.json").await.expect(200).json();
    let types = document["x-problem-types"].clone();
    let uris = pluck(&types, "type");
    assert!(uris.len() >= 18, "{uris:?}");
    assert_eq!(uris.iter().collect::<BTreeSet<_>>().len(), uris.len(), "{uris:?}");
    for (uri, title) in uris.iter().zip(pluck(&types, "title")) {
        let page = browser.get(uri).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"), "{uri}");
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains(&title), "{uri} does not say “{title}”");
    }
}

#[tokio::test]
async fn a_problem_names_a_type_of_the_list() {
    let browser = browser().await;
    let document = browser.get("/openapi.json").await.expect(200).json();
    let uris = pluck(&document["x-problem-types"], "type");
    let problem = browser.get("/api/nowhere").await.problem(404);
    assert!(uris.iter().any(|uri| problem["type"] == uri.as_str()), "{problem}");
}
