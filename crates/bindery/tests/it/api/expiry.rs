//! Presigned URLs and uploads come to their end.

use std::time::Duration;

use bindery_testkit::{Organization, Server, ServerOptions};
use tokio::time::sleep;

use crate::support::PROGRAM;
use crate::wire::Wire;

/// Long enough for a busy machine to get a PUT begun, or a link used, in time.
const EXPIRY: &str = "5s";
const AFTER_EXPIRY: Duration = Duration::from_millis(5_300);

fn server(option: &str) -> Server {
    let args = [option, EXPIRY].map(str::to_owned).to_vec();
    Server::start(PROGRAM, ServerOptions { args, ..Default::default() })
}

#[tokio::test]
async fn a_put_must_begin_before_the_url_expires() {
    let server = server("--upload-expiry");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    sleep(AFTER_EXPIRY).await;
    organization.anonymous().put(&upload.url, b"late".to_vec()).await.problem(403);
    let block = format!("{}&comp=block&blockid=YQ%3D%3D", upload.url);
    organization.anonymous().put(&block, b"late".to_vec()).await.problem(403);
    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", &[]).await.problem(404);
}

#[tokio::test]
async fn a_put_that_began_in_time_may_run_longer() {
    let server = server("--upload-expiry");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let mut wire = Wire::connect(&upload.url).await;
    wire.head("PUT", &["Content-Length: 10"]).await;
    wire.send(b"01234").await;
    sleep(AFTER_EXPIRY).await;
    wire.send(b"56789").await;
    assert_eq!(wire.status().await, 201);
    // The time for the commit counts from the last byte.
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    assert_eq!(organization.anonymous().get(&link).await.expect(200).body, b"0123456789");
}

#[tokio::test]
async fn a_commit_that_comes_too_late_finds_no_upload_and_a_repeated_one_its_version() {
    let server = server("--upload-expiry");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let folder = organization.tab(0);
    let late = organization.upload(&creator, b"late").await;
    let done = organization.upload(&creator, b"done").await;
    let version = organization.commit(&creator, &folder, &done, "done.pdf", &[]).await;
    let version = version.expect(200).json();
    sleep(AFTER_EXPIRY).await;
    organization.commit(&creator, &folder, &late, "late.pdf", &[]).await.problem(404);
    let again = organization.commit(&creator, &folder, &done, "done.pdf", &[]).await;
    assert_eq!(again.expect(200).json()["id"], version["id"]);
}

#[tokio::test]
async fn a_download_url_expires_and_each_answer_has_a_new_one() {
    let server = server("--download-expiry");
    let organization = Organization::new(&server);
    let version = organization.document("a.pdf", &[]).await;
    let link = version["downloadUrl"].as_str().unwrap();
    organization.anonymous().get(link).await.expect(200);
    sleep(AFTER_EXPIRY).await;
    organization.anonymous().get(link).await.problem(403);
    let path = format!(
        "/api/documents/{}/versions/{}",
        version["documentId"].as_str().unwrap(),
        version["id"].as_str().unwrap()
    );
    let again = organization.reader().get(&path).await.expect(200).json();
    assert_ne!(again["downloadUrl"], version["downloadUrl"]);
    organization.anonymous().get(again["downloadUrl"].as_str().unwrap()).await.expect(200);
}
