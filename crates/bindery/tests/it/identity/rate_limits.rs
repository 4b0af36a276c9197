//! How often a client may call.

use bindery_testkit::{Organization, Server, ServerOptions};

use crate::support::PROGRAM;

#[tokio::test]
async fn a_client_that_has_used_up_its_calls_waits_and_others_do_not() {
    let args = ["--rate-limit", "3/1h"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let reader = organization.reader();
    for remaining in ["2", "1", "0"] {
        // A refusal is a call, too.
        let answer = reader.get("/api/documents/none").await.expect(404);
        assert_eq!(answer.header("ratelimit-limit"), "3");
        assert_eq!(answer.header("ratelimit-remaining"), remaining);
        assert!(answer.header("ratelimit-reset").parse::<u64>().unwrap() <= 3_600);
    }
    let answer = reader.get("/api/binders").await.expect(429);
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert!((1..=1_200).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    answer.problem(429);
    organization.creator().get("/api/binders").await.expect(200);
}

#[tokio::test]
async fn token_requests_have_a_limit_of_their_own() {
    let args = ["--rate-limit", "2/1h"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    let body = format!(
        "grant_type=client_credentials&client_id=reader-{}&client_secret=secret-reader",
        organization.id
    );
    let anonymous = organization.anonymous();
    for remaining in ["1", "0"] {
        let answer = anonymous.form("/connect/token", &body).await.expect(200);
        assert_eq!(answer.header("ratelimit-limit"), "2");
        assert_eq!(answer.header("ratelimit-remaining"), remaining);
    }
    let answer = anonymous.form("/connect/token", &body).await.expect(429);
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert!(!answer.header("retry-after").is_empty());
    assert!(answer.json()["error"].is_string());
}

#[tokio::test]
async fn presigned_urls_have_a_limit_of_their_own() {
    let args = ["--rate-limit", "4/1h"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    let organization = Organization::new(&server);
    // Two calls and one PUT: neither takes from the other's bucket.
    let link =
        organization.document("a.pdf", &[]).await["downloadUrl"].as_str().unwrap().to_owned();
    let anonymous = organization.anonymous();
    for remaining in ["2", "1", "0"] {
        let answer = anonymous.get(&link).await.expect(200);
        assert_eq!(answer.header("ratelimit-remaining"), remaining);
    }
    let answer = anonymous.get(&link).await;
    assert!((1..=900).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    answer.problem(429);
    // Whoever cannot show a right URL uses up nobody's.
    anonymous.get(&link.replace("sig=", "sig=A")).await.problem(403);
    organization.creator().get("/api/binders").await.expect(200);
    let upload = organization.presign(&organization.admin()).await;
    anonymous.put(&upload.url, b"x".to_vec()).await.expect(201);
}
