//! What another process changes beside the server: seen within a second.

use std::time::{Duration, Instant};

use bindery_testkit::{Client, Organization, Server};

use crate::support::{PROGRAM, organization};

/// Calls until the status is the wanted one; a second is what the server has, the rest is for a busy machine.
async fn soon(client: &Client, status: u16) {
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let answer = client.get("/api/binders").await;
        if answer.status == status {
            return;
        }
        assert!(Instant::now() < end, "still {} instead of {status}", answer.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn client_command(organization: &Organization, words: &[&str]) -> String {
    let mut args = vec!["client"];
    args.extend(words);
    args.extend(["--organization", organization.id.as_str()]);
    Server::shared(PROGRAM).command_ok(&args)
}

#[tokio::test]
async fn a_disabled_client_is_refused_within_a_second_and_let_in_again() {
    let organization = organization();
    let reader = organization.reader();
    reader.get("/api/binders").await.expect(200);
    let id = format!("reader-{}", organization.id);
    client_command(&organization, &["disable", &id]);
    soon(&reader, 401).await;
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret=secret-reader");
    organization.anonymous().form("/connect/token", &body).await.expect(401);
    client_command(&organization, &["enable", &id]);
    soon(&reader, 200).await;
}

#[tokio::test]
async fn a_removed_client_is_refused_within_a_second() {
    let organization = organization();
    let creator = organization.creator();
    creator.get("/api/binders").await.expect(200);
    client_command(&organization, &["remove", &format!("creator-{}", organization.id)]);
    soon(&creator, 401).await;
}

#[tokio::test]
async fn two_secrets_live_side_by_side_and_the_older_ends_with_its_tokens() {
    let organization = organization();
    let reader = organization.reader();
    reader.get("/api/binders").await.expect(200);
    let id = format!("reader-{}", organization.id);
    let rotated = client_command(&organization, &["rotate-secret", &id, "--json"]);
    let rotated: serde_json::Value = serde_json::from_str(&rotated).unwrap();
    let secret = rotated["secret"].as_str().unwrap_or_else(|| panic!("{rotated}"));
    let renewed = Client::new(organization.anonymous().base(), &organization.id, &id, secret);
    renewed.get("/api/binders").await.expect(200);
    organization.reader().get("/api/binders").await.expect(200);
    client_command(&organization, &["rotate-secret", &id, "--end-previous"]);
    soon(&reader, 401).await;
    soon(&renewed, 401).await;
}
