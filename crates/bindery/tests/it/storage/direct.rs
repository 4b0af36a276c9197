//! Bytes that callers get from and put into the storage themselves: what that gives, and what it gives up.

use bindery_testkit::{Client, Organization, S3Process, S3Server};

use super::Stored;

const DIRECT: [&str; 2] = ["--upload-access", "direct"];

/// A commit of an upload into the first tab.
async fn commit(
    organization: &Organization,
    client: &Client,
    upload: &bindery_testkit::Upload,
) -> bindery_testkit::Answer {
    organization.commit(client, &organization.tab(0), upload, "plan å.pdf", &[]).await
}

#[tokio::test]
async fn a_download_url_points_at_the_storage_with_the_name_of_the_file() {
    let stored = Stored::new(&[]);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.upload(&creator, b"%PDF").await;
    let version = commit(&organization, &creator, &upload).await.expect(200).json();
    let url = version["downloadUrl"].as_str().unwrap();
    assert!(url.starts_with(&S3Server::shared().place().endpoint), "{url}");
    let answer = organization.anonymous().get(url).await.expect(200);
    assert_eq!(answer.body, b"%PDF");
    let disposition = answer.header("content-disposition");
    assert!(disposition.contains("filename*=UTF-8''plan%20%C3%A5.pdf"), "{disposition}");
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("cache-control"), "private, no-transform");
    assert!(answer.header("etag").starts_with('"'));
    let part = organization.anonymous().with_header("range", "bytes=1-2").get(url).await;
    assert_eq!(part.expect(206).body, b"PD");
    let raw = format!(
        "/api/documents/{}/versions/{}/raw",
        version["documentId"].as_str().unwrap(),
        version["id"].as_str().unwrap()
    );
    let raw = organization.reader().get(&raw).await.expect(200).json();
    assert!(raw["url"].as_str().unwrap().starts_with(&S3Server::shared().place().endpoint));
}

#[tokio::test]
async fn an_upload_goes_straight_into_the_storage_and_the_commit_takes_it() {
    let stored = Stored::new(&DIRECT);
    let log = stored.server.log().join("\n");
    assert!(log.contains("the storage works; it checks and shows SHA-256: yes"), "{log}");
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    assert!(upload.url.starts_with(&S3Server::shared().place().endpoint), "{}", upload.url);
    // Nothing was PUT yet: 409, and the upload stays usable.
    commit(&organization, &creator, &upload).await.problem(409);
    // Given up: the answer is the storage's, a second PUT is taken, the last writer before the commit wins.
    for bytes in ["first", "second"] {
        organization.anonymous().put(&upload.url, bytes.as_bytes().to_vec()).await.expect(200);
    }
    // Only the client that asked for the upload can commit it.
    commit(&organization, &organization.admin(), &upload).await.problem(404);
    let version = commit(&organization, &creator, &upload).await.expect(200).json();
    // A replay after the commit harms nothing, and the same commit is the same version.
    organization.anonymous().put(&upload.url, b"replayed".to_vec()).await.expect(200);
    let again = commit(&organization, &creator, &upload).await.expect(200).json();
    assert_eq!(again["id"], version["id"]);
    let bytes = organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await;
    assert_eq!(bytes.expect(200).body, b"second");
    assert!(stored.server.command_ok(&["check"]).contains("1 stored files, 6 bytes"));
}

#[tokio::test]
async fn what_is_too_large_is_refused_at_the_commit_and_may_be_put_again() {
    let stored = Stored::new(&["--upload-access", "direct", "--max-upload-size", "4B"]);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    organization.anonymous().put(&upload.url, b"12345".to_vec()).await.expect(200);
    commit(&organization, &creator, &upload).await.problem(413);
    organization.anonymous().put(&upload.url, b"1234".to_vec()).await.expect(200);
    commit(&organization, &creator, &upload).await.expect(200);
}

#[tokio::test]
async fn a_refused_commit_leaves_a_direct_upload_usable() {
    let stored = Stored::new(&DIRECT);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    organization.anonymous().put(&upload.url, b"bytes".to_vec()).await.expect(200);
    let tab = organization.tab(0);
    let wrong = [("nothing-of-ours", "x")];
    organization.commit(&creator, &tab, &upload, "a.pdf", &wrong).await.problem(400);
    organization.commit(&creator, &tab, &upload, "a.pdf", &[]).await.expect(200);
}

#[tokio::test]
async fn direct_works_with_a_storage_that_shows_no_digest() {
    let place = tokio::task::spawn_blocking(S3Process::radosgw).await.unwrap().place();
    let stored = Stored::at(place, &DIRECT);
    let log = stored.server.log().join("\n");
    assert!(log.contains("the storage works; it checks and shows SHA-256: no"), "{log}");
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    organization.anonymous().put(&upload.url, b"bytes".to_vec()).await.expect(200);
    let version = commit(&organization, &creator, &upload).await.expect(200).json();
    let bytes = organization.anonymous().get(version["downloadUrl"].as_str().unwrap()).await;
    let bytes = bytes.expect(200);
    assert_eq!(bytes.body, b"bytes");
    assert!(bytes.header("content-disposition").contains("plan%20%C3%A5.pdf"));
    // The digest was found out: the check compares it.
    assert!(stored.server.command_ok(&["check"]).contains("1 stored files, 5 bytes"));
}
