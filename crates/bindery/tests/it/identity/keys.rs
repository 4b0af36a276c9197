//! Rotation of the signing keys beside a running server.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::Value;

use crate::support::PROGRAM;

fn kid(token: &str) -> String {
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

async fn published(organization: &Organization) -> Vec<String> {
    let answer =
        organization.anonymous().get("/.well-known/openid-configuration/jwks").await.json();
    let keys = answer["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_rotated_key_is_published_then_signs_and_old_tokens_live_on() {
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    let reader = organization.reader();
    let old = kid(&reader.token().await);
    server.command_ok(&["keys", "rotate"]);
    let end = Instant::now() + Duration::from_secs(30);
    while published(&organization).await.len() < 2 {
        assert!(Instant::now() < end, "the new key is not published");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    loop {
        let now = kid(&organization.reader().token().await);
        if now != old {
            assert!(published(&organization).await.contains(&now));
            break;
        }
        assert!(Instant::now() < end, "the new key does not sign");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    reader.get("/api/binders").await.expect(200);
    organization.reader().get("/api/binders").await.expect(200);
    let listed: Value =
        serde_json::from_str(&server.command_ok(&["keys", "list", "--json"])).unwrap();
    let states: Vec<_> =
        listed.as_array().unwrap().iter().map(|key| key["state"].clone()).collect();
    assert_eq!(states, ["verifying", "signing"]);
}

#[tokio::test]
async fn tokens_survive_a_restart() {
    let folder = tempfile::TempDir::new().unwrap();
    let options =
        ServerOptions { data_dir: Some(folder.path().join("data")), ..Default::default() };
    let server = Server::start(PROGRAM, options.clone());
    let organization = Organization::new(&server);
    let token = organization.reader().token().await;
    drop(server);
    let server = Server::start(PROGRAM, options);
    let client = bindery_testkit::Client::anonymous(server.url());
    let client = client.with_header("authorization", &format!("Bearer {token}"));
    client
        .with_header("x-ibinder-tenantid", &organization.id)
        .get("/api/binders")
        .await
        .expect(200);
}

#[tokio::test]
async fn rs256_is_an_option() {
    let args = ["--signing-algorithm", "RS256"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let token = organization.reader().token().await;
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&header).unwrap()["alg"], "RS256");
    organization.reader().get("/api/binders").await.expect(200);
}
