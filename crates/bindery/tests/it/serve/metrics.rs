//! What the server measures.

use bindery_testkit::{Client, Server};

use super::{logged, server};

pub(super) async fn metrics(url: &str) -> String {
    let answer = Client::anonymous(url).get("/metrics").await.expect(200);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    String::from_utf8(answer.body).unwrap()
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status_with_their_latencies() {
    let server = server(&[]);
    let anonymous = Client::anonymous(server.url());
    anonymous.get("/api/documents/0D1C1F0E-3F0E-4B52-9A1F-5A3C7C3F0B11").await.problem(401);
    anonymous.get("/API/documents/other/").await.problem(401);
    anonymous.get("/made/up").await.problem(404);
    anonymous.send("BREW", "/healthz", None).await.problem(405);
    let metrics = metrics(server.url()).await;
    for line in [
        r#"bindery_requests_total{route="/api/documents/{documentId}",method="GET",status="401"} 2"#,
        r#"bindery_requests_total{route="other",method="GET",status="404"} 1"#,
        r#"bindery_requests_total{route="/healthz",method="other",status="405"} 1"#,
        r#"bindery_request_seconds_count{route="/api/documents/{documentId}",method="GET"} 2"#,
        "bindery_connections ",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
}

#[tokio::test]
async fn metrics_can_have_an_address_of_their_own() {
    let server: Server = server(&["--metrics-listen", "127.0.0.1:0", "--log-format", "json"]);
    Client::anonymous(server.url()).get("/metrics").await.problem(404);
    let line = logged(&server, "metrics on ");
    let url = line.split("metrics on ").nth(1).unwrap().split("/metrics").next().unwrap();
    metrics(url).await;
    Client::anonymous(url).get("/api/binders").await.problem(404);
}
