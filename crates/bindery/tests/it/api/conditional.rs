//! Conditional requests on documents and metadata elements.

use crate::support::organization;

#[tokio::test]
async fn a_document_has_a_strong_etag_that_changes_with_its_body() {
    let organization = organization();
    let version = organization.document("a.pdf", &[]).await;
    let path = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let reader = organization.reader();
    let first = reader.get(&path).await.expect(200);
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let unchanged = reader.with_header("if-none-match", &etag).get(&path).await.expect(304);
    assert!(unchanged.body.is_empty());
    assert_eq!(unchanged.header("etag"), etag);
    reader.with_header("if-none-match", "*").get(&path).await.expect(304);
    organization.document("a.pdf", &[("number", "A-2")]).await;
    let second = reader.with_header("if-none-match", &etag).get(&path).await.expect(200);
    assert_ne!(second.header("etag"), etag);
}

#[tokio::test]
async fn metadata_elements_have_a_strong_etag() {
    let organization = organization();
    let path = format!("/api/binders/{}/metadataelements", organization.binder(0));
    let reader = organization.reader();
    let etag = reader.get(&path).await.expect(200).header("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag}");
    reader.with_header("if-none-match", &etag).get(&path).await.expect(304);
    reader.with_header("if-none-match", "\"other\"").get(&path).await.expect(200);
}
