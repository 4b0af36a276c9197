//! Failed attempts to authenticate.

use crate::support::PROGRAM;
use bindery_testkit::{Organization, Server, ServerOptions};

async fn attempt(organization: &Organization, client: &str, secret: &str) -> (u16, String) {
    let body = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    let answer = organization.anonymous().form("/connect/token", &body).await;
    (answer.status, answer.header("retry-after").to_owned())
}

#[tokio::test]
async fn after_thirty_failures_a_minute_a_client_waits_and_others_do_not() {
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    let (reader, creator) =
        (format!("reader-{}", organization.id), format!("creator-{}", organization.id));
    for _ in 0..30 {
        assert_eq!(attempt(&organization, &reader, "wrong").await.0, 401);
    }
    let (status, retry_after) = attempt(&organization, &reader, "wrong").await;
    assert_eq!(status, 429);
    assert!((1..=60).contains(&retry_after.parse().unwrap()), "{retry_after}");
    assert_eq!(attempt(&organization, &creator, "secret-creator").await.0, 200);
}

#[tokio::test]
async fn after_a_hundred_failures_from_an_address_only_right_secrets_get_in() {
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    for n in 0..100 {
        assert_eq!(attempt(&organization, &format!("guess-{n}"), "x").await.0, 401);
    }
    assert_eq!(attempt(&organization, "guess-100", "x").await.0, 429);
    let admin = format!("admin-{}", organization.id);
    assert_eq!(attempt(&organization, &admin, "wrong").await.0, 429);
    assert_eq!(attempt(&organization, &admin, "secret-admin").await.0, 200);
}

#[tokio::test]
async fn only_trusted_proxies_say_where_an_attempt_comes_from() {
    let args = ["--trusted-proxies", "127.0.0.1/32"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let body = format!(
        "grant_type=client_credentials&client_id=reader-{}&client_secret=x",
        organization.id
    );
    let from = |address: &str| organization.anonymous().with_header("x-forwarded-for", address);
    for _ in 0..30 {
        from("192.0.2.1").form("/connect/token", &body).await.expect(401);
    }
    from("203.0.113.5, 192.0.2.1").form("/connect/token", &body).await.expect(429);
    from("192.0.2.2").form("/connect/token", &body).await.expect(401);
}
