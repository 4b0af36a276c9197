//! Which browser pages may call.

use bindery_testkit::{Answer, Client, Organization};
use serde_json::json;

use super::server;

const OURS: &str = "https://portal.example";

async fn preflight(client: &Client, url: &str, origin: &str, method: &str) -> Answer {
    let client =
        client.with_header("origin", origin).with_header("access-control-request-method", method);
    client
        .with_header("access-control-request-headers", "x-ms-blob-type")
        .send("OPTIONS", url, None)
        .await
}

#[tokio::test]
async fn pages_are_refused_unless_the_operator_names_their_origin() {
    let closed = server(&[]);
    let anonymous = Client::anonymous(closed.url());
    let answer = anonymous.with_header("origin", OURS).get("/healthz").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    preflight(&anonymous, "/api/binders", OURS, "GET").await.problem(405);
}

#[tokio::test]
async fn a_named_page_may_call_the_api_and_move_bytes() {
    let server = server(&["--cors-origin", OURS]);
    let organization = Organization::new(&server);
    let (anonymous, creator) = (organization.anonymous(), organization.creator());
    let upload = organization.presign(&creator).await;
    for (url, method) in
        [("/api/documents", "POST"), ("/connect/token", "POST"), (upload.url.as_str(), "PUT")]
    {
        let answer = preflight(&anonymous, url, OURS, method).await.expect(204);
        assert_eq!(answer.header("access-control-allow-origin"), OURS, "{url}");
        assert!(answer.header("access-control-allow-methods").contains(method));
        assert_eq!(answer.header("access-control-allow-headers"), "x-ms-blob-type");
        let stranger = preflight(&anonymous, url, "https://evil.example", method).await;
        assert_eq!(stranger.header("access-control-allow-origin"), "", "{url}");
    }
    let page = anonymous.with_header("origin", OURS);
    let put = page.put(&upload.url, b"x".to_vec()).await.expect(201);
    assert_eq!(put.header("access-control-allow-origin"), OURS);
    let refused = page.get("/api/binders").await;
    assert_eq!(refused.header("access-control-allow-origin"), OURS);
    refused.problem(401);
    let answer =
        creator.with_header("origin", OURS).post("/api/documents", &json!({})).await.expect(200);
    let exposed = answer.header("access-control-expose-headers").to_lowercase();
    for header in ["etag", "retry-after", "content-range", "ratelimit-remaining", "x-ms-request-id"]
    {
        assert!(exposed.contains(header), "{exposed}");
    }
    assert!(answer.header("vary").to_lowercase().contains("origin"));
}
