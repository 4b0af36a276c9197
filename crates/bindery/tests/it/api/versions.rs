//! Listing and reading versions.

use crate::support::{organization, pluck};

#[tokio::test]
async fn versions_are_listed_oldest_first_and_read_one_by_one() {
    let organization = organization();
    let mut made = Vec::new();
    for number in ["1", "2", "3"] {
        made.push(organization.document("a.pdf", &[("number", number)]).await);
    }
    let document = made[0]["documentId"].as_str().unwrap().to_owned();
    let reader = organization.reader();
    let listed = reader.get(&format!("/api/documents/{document}/versions")).await.expect(200);
    assert!(listed.header("cache-control").contains("no-store"));
    assert_eq!(listed.header("etag"), "");
    let listed = listed.json();
    assert_eq!(
        pluck(&listed, "id"),
        made.iter().map(|version| version["id"].as_str().unwrap()).collect::<Vec<_>>()
    );
    assert_eq!(pluck(&listed, "version"), ["1", "2", "3"]);
    for version in &made {
        let path =
            format!("/api/documents/{document}/versions/{}", version["id"].as_str().unwrap());
        let read = reader.get(&path).await.expect(200).json();
        assert_eq!(
            (&read["metadata"], &read["modifiedAt"]),
            (&version["metadata"], &version["modifiedAt"])
        );
    }
    let latest = reader.get(&format!("/api/documents/{document}")).await.expect(200).json();
    assert_eq!(latest["latestVersionId"], made[2]["id"]);
}

#[tokio::test]
async fn a_version_of_another_document_is_not_found() {
    let organization = organization();
    let (a, b) =
        (organization.document("a.pdf", &[]).await, organization.document("b.pdf", &[]).await);
    let reader = organization.reader();
    let (document, version) = (a["documentId"].as_str().unwrap(), b["id"].as_str().unwrap());
    for tail in ["", "/raw", "/downloadlink"] {
        reader
            .get(&format!("/api/documents/{document}/versions/{version}{tail}"))
            .await
            .problem(404);
        reader.get(&format!("/api/documents/{document}/versions/none{tail}")).await.problem(404);
        reader.get(&format!("/api/documents/none/versions/{version}{tail}")).await.problem(404);
    }
    reader.get("/api/documents/none/versions").await.problem(404);
    reader.get("/api/documents/none").await.problem(404);
}

#[tokio::test]
async fn equal_bytes_are_stored_once_and_stay_readable() {
    let organization = organization();
    let (a, b) = (
        organization.document("same.pdf", &[]).await,
        organization.document("same.pdf", &[]).await,
    );
    assert_ne!(a["id"], b["id"]);
    for version in [a, b] {
        let bytes = organization
            .anonymous()
            .get(version["downloadUrl"].as_str().unwrap())
            .await
            .expect(200);
        assert_eq!(bytes.body, b"same.pdf");
    }
}
