//! What the log says, and what it never says.

use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::{Value, json};

use crate::support::PROGRAM;

fn server(filter: &str) -> Server {
    let args = ["--log-format", "json", "--log-filter", filter].map(str::to_owned).to_vec();
    Server::start(PROGRAM, ServerOptions { args, ..Default::default() })
}

/// The log lines that a test is after, once there are so many.
pub(crate) async fn lines(
    server: &Server,
    count: usize,
    is_it: impl Fn(&Value) -> bool,
) -> Vec<Value> {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let lines = server.log();
        let lines = lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
        let found: Vec<Value> = lines.filter(&is_it).collect();
        if found.len() >= count {
            return found;
        }
        assert!(Instant::now() < end, "{} of {count} in {:#?}", found.len(), server.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn every_answer_of_400_and_above_has_one_line_with_its_trace_id() {
    let server = server("info");
    let organization = Organization::new(&server);
    let (anonymous, reader) = (organization.anonymous(), organization.reader());
    let upload = organization.presign(&organization.creator()).await;
    let mut traces = Vec::new();
    for (answer, status) in [
        (anonymous.get("/api/binders").await, 401),
        (reader.get("/api/documents/none").await, 404),
        (reader.get("/nothing").await, 404),
        (reader.send("PUT", "/api/binders", None).await, 405),
        (reader.post("/api/documents?pageSize=0", &json!({})).await, 400),
        (anonymous.put(&upload.url.replace("sig=", "sig=A"), b"x".to_vec()).await, 403),
    ] {
        traces.push(answer.problem(status)["traceId"].as_str().unwrap().to_owned());
    }
    for trace in &traces {
        let found = lines(&server, 1, |line| line["traceId"] == trace.as_str()).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0]["status"].as_u64().unwrap() >= 400, "{found:#?}");
    }
    // The client is named once it has proved who it is.
    let found = lines(&server, 1, |line| line["traceId"] == traces[1].as_str()).await;
    assert_eq!(found[0]["client"], format!("reader-{}", organization.id));
}

#[tokio::test]
async fn each_link_made_and_each_download_has_one_line() {
    let server = server("info");
    let organization = Organization::new(&server);
    let version = organization.document("nine byte", &[]).await;
    let path = format!(
        "/api/documents/{}/versions/{}/raw",
        version["documentId"].as_str().unwrap(),
        version["id"].as_str().unwrap()
    );
    let link = organization.reader().get(&path).await.expect(200).json();
    let url = link["url"].as_str().unwrap();
    organization.anonymous().get(url).await.expect(200);
    organization.anonymous().with_header("range", "bytes=0-3").get(url).await.expect(206);
    let of_version = |event: &'static str| {
        let id = version["id"].clone();
        move |line: &Value| line["event"] == event && line["version.id"] == id
    };
    let downloads = lines(&server, 2, of_version("download")).await;
    assert_eq!(downloads.len(), 2, "{downloads:#?}");
    for (line, bytes) in downloads.iter().zip([9, 4]) {
        assert_eq!(line["client"], format!("reader-{}", organization.id));
        assert_eq!(line["address"], "127.0.0.1");
        assert_eq!(line["bytes"], bytes);
    }
    let links = lines(&server, 2, of_version("download_link")).await;
    let clients: Vec<_> = links.iter().map(|line| line["client"].as_str().unwrap()).collect();
    // One for the commit's answer, one for the call.
    let (creator, reader) =
        (format!("creator-{}", organization.id), format!("reader-{}", organization.id));
    assert_eq!(clients, [creator.as_str(), reader.as_str()]);
    assert!(links.iter().all(|line| line["address"] == "127.0.0.1"), "{links:#?}");
}

#[tokio::test]
async fn no_secret_token_signature_or_body_is_logged_at_any_level() {
    let server = server("trace");
    let organization = Organization::new(&server);
    let (reader, creator) = (organization.reader(), organization.creator());
    let anonymous = organization.anonymous();
    let secret_value = "a-value-that-only-the-body-has";
    let mut secrets =
        vec!["secret-reader".to_owned(), "secret-creator".to_owned(), secret_value.to_owned()];
    for (id, secret) in [("reader", "secret-reader"), ("reader", "wrong-guess-4711")] {
        let body = format!(
            "grant_type=client_credentials&client_id={id}-{}&client_secret={secret}",
            organization.id
        );
        anonymous.form("/connect/token", &body).await;
        let basic = "Basic cmVhZGVyOnNlY3JldC1yZWFkZXI=";
        anonymous.with_header("authorization", basic).form("/connect/token", "grant_type=x").await;
    }
    secrets.extend(["wrong-guess-4711".to_owned(), "cmVhZGVyOnNlY3JldC1yZWFkZXI".to_owned()]);
    let version = organization.document("a.pdf", &[("number", secret_value)]).await;
    let upload = organization.upload(&creator, b"bytes of the file 0815").await;
    secrets.push("bytes of the file 0815".to_owned());
    anonymous.put(&upload.url, b"again".to_vec()).await.problem(409);
    let link = version["downloadUrl"].as_str().unwrap();
    anonymous.get(link).await.expect(200);
    anonymous.get(&format!("{link}x")).await.problem(403);
    reader.get(&format!("/api/binders?access_token={}", reader.token().await)).await;
    let body = format!(
        "token={}&client_id=reader-{}&client_secret=secret-reader",
        reader.token().await,
        organization.id
    );
    anonymous.form("/connect/introspect", &body).await.expect(200);
    anonymous.form("/connect/revocation", &body).await.expect(200);
    reader.get("/api/binders").await.problem(401);
    for token in [reader.token().await, creator.token().await] {
        let (head, signature) = token.rsplit_once('.').unwrap();
        secrets.extend([signature.to_owned(), head.rsplit_once('.').unwrap().1.to_owned()]);
    }
    for url in [&upload.url, link] {
        let (_, signature) = url.split_once("sig=").unwrap();
        secrets.push(signature.split('&').next().unwrap().to_owned());
    }
    // The log is read beside the server: wait for what came last.
    let last = anonymous.get("/last").await.problem(404)["traceId"].clone();
    let log = {
        lines(&server, 1, |line| line["traceId"] == last && line["status"] == 404).await;
        server.log().join("\n")
    };
    assert!(log.contains("/api/binders"), "nothing was logged");
    for secret in secrets {
        let found = log.lines().find(|line| line.contains(&secret));
        assert!(found.is_none(), "{secret} in {}", found.unwrap_or_default());
    }
}
