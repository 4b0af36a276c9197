//! A token comes to its end.

use std::time::Duration;

use bindery_testkit::{Organization, Server, ServerOptions};

use crate::support::PROGRAM;

#[tokio::test]
async fn an_expired_token_is_401_invalid_token_also_where_it_was_used_before() {
    let args = ["--token-expiry", "5s"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let (used, unused) = (organization.reader(), organization.creator());
    used.get("/api/binders").await.expect(200);
    unused.token().await;
    tokio::time::sleep(Duration::from_millis(6_200)).await;
    for client in [used, unused] {
        let answer = client.get("/api/binders").await;
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
        answer.problem(401);
    }
    organization.reader().get("/api/binders").await.expect(200);
}
