//! Browser pages of other origins: closed by default, open for those that the operator names.

use bindery_testkit::{Client, Organization, Server, ServerOptions};

use crate::support::{PROGRAM, organization};

const PAGE: &str = "https://app.example";

fn server(origins: &str) -> Server {
    let args = ["--cors-origin", origins].map(str::to_owned).to_vec();
    Server::start(PROGRAM, ServerOptions { args, ..Default::default() })
}

fn from(client: &Client, origin: &str) -> Client {
    client.with_header("origin", origin)
}

/// What a browser asks before a call with these headers.
async fn preflight(
    organization: &Organization,
    origin: &str,
    url: &str,
    method: &str,
) -> bindery_testkit::Answer {
    let page = from(&organization.anonymous(), origin)
        .with_header("access-control-request-method", method)
        .with_header(
            "access-control-request-headers",
            "authorization,x-ibinder-tenantid,x-ms-blob-type",
        );
    page.send("OPTIONS", url, None).await
}

#[tokio::test]
async fn no_page_may_call_unless_the_operator_names_it() {
    let organization = organization();
    let answer = from(&organization.reader(), PAGE).get("/api/binders").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let asked = preflight(&organization, PAGE, "/api/binders", "GET").await;
    assert!(asked.status >= 400 && asked.header("access-control-allow-origin").is_empty());
    let upload = organization.presign(&organization.creator()).await;
    let asked = preflight(&organization, PAGE, &upload.url, "PUT").await;
    assert!(asked.status >= 400 && asked.header("access-control-allow-origin").is_empty());
}

#[tokio::test]
async fn a_named_page_may_call_and_read_what_answers_say_in_headers() {
    let server = server("https://other.example,https://app.example");
    let organization = Organization::new(&server);
    let reader = organization.reader();
    let answer = from(&reader, PAGE).get("/api/binders").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), PAGE);
    let vary: Vec<_> =
        answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(vary.join(",").to_lowercase().contains("origin"), "{vary:?}");
    let exposed = answer.header("access-control-expose-headers").to_lowercase();
    for name in
        ["etag", "retry-after", "ratelimit-remaining", "content-disposition", "content-range"]
    {
        assert!(exposed.contains(name), "{name} in {exposed}");
    }
    // Refusals can be read, too.
    let refused = from(&organization.anonymous(), PAGE).get("/api/binders").await;
    assert_eq!(refused.header("access-control-allow-origin"), PAGE);
    refused.problem(401);
    for origin in ["https://app.example.evil", "http://app.example", "null"] {
        let answer = from(&reader, origin).get("/api/binders").await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        let asked = preflight(&organization, origin, "/api/binders", "GET").await;
        assert_eq!(asked.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_without_a_token_on_every_kind_of_url() {
    let server = server(PAGE);
    let organization = Organization::new(&server);
    let upload = organization.presign(&organization.creator()).await;
    let version = organization.document("a.pdf", &[]).await;
    let link = version["downloadUrl"].as_str().unwrap();
    for (url, method) in [
        ("/api/documents", "POST"),
        ("/connect/token", "POST"),
        (upload.url.as_str(), "PUT"),
        (link, "GET"),
    ] {
        let answer = preflight(&organization, PAGE, url, method).await;
        assert!((200..300).contains(&answer.status), "{url}: {}", answer.status);
        assert_eq!(answer.header("access-control-allow-origin"), PAGE, "{url}");
        assert!(answer.header("access-control-allow-methods").contains(method), "{url}");
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        assert!(allowed.contains("x-ms-blob-type") && allowed.contains("authorization"), "{url}");
    }
    let put = from(&organization.anonymous(), PAGE).put(&upload.url, b"x".to_vec()).await;
    assert_eq!(put.header("access-control-allow-origin"), PAGE);
    assert!(put.header("access-control-expose-headers").contains("ETag"));
    put.expect(201);
    let got = from(&organization.anonymous(), PAGE).get(link).await.expect(200);
    assert_eq!(got.header("access-control-allow-origin"), PAGE);
}
