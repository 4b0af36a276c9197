//! What the server says of what it does.

use bindery_testkit::Organization;
use serde_json::Value;

use super::{logged, server};

#[tokio::test]
async fn every_failure_is_a_json_line_with_the_trace_id_of_its_answer() {
    let server = server(&["--log-format", "json"]);
    let organization = Organization::new(&server);
    let problem =
        organization.reader().get("/api/binders/AAAAAAAAA/metadataelements").await.problem(404);
    logged(&server, problem["traceId"].as_str().unwrap());
    let lines: Vec<Value> =
        server.log().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["traceId"] == problem["traceId"]).unwrap();
    assert_eq!(line["status"], 404);
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/api/binders/AAAAAAAAA/metadataelements");
    assert_eq!(line["client"], format!("reader-{}", organization.id));
    assert!(line["time"].as_str().unwrap().ends_with('Z'));
    assert!(lines.iter().all(|line| line["level"].is_string() && line["message"].is_string()));
}

#[tokio::test]
async fn no_secret_token_or_presigned_url_is_ever_logged() {
    let server = server(&["--log-filter", "debug"]);
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let token = creator.token().await;
    let upload = organization.upload(&creator, b"%PDF-1.7").await;
    let folder = organization.tab(0);
    let version =
        organization.commit(&creator, &folder, &upload, "a.pdf", &[]).await.expect(200).json();
    let link = version["downloadUrl"].as_str().unwrap();
    organization.anonymous().get(link).await.expect(200);
    organization.anonymous().get(&link.replace("sig=", "sig=A")).await.problem(403);
    organization.anonymous().put(&upload.url, b"again".to_vec()).await.problem(409);
    organization
        .anonymous()
        .with_header("authorization", &format!("Bearer {token}x"))
        .get("/api/binders")
        .await
        .problem(401);
    organization
        .anonymous()
        .form(
            "/connect/token",
            "grant_type=client_credentials&client_id=a&client_secret=hidden-word",
        )
        .await
        .expect(401);
    organization.anonymous().get("/the/last/line").await.problem(404);
    logged(&server, "/the/last/line");
    let log = server.log().join("\n");
    assert!(log.contains("/api/documents"), "debug lines are there");
    let signature =
        |url: &str| url.split("sig=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    for secret in [
        token.as_str(),
        "secret-creator",
        "hidden-word",
        &signature(link),
        &signature(&upload.url),
        "sig=",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_made_up_path_cannot_forge_a_line() {
    let server = server(&[]);
    let anonymous = bindery_testkit::Client::anonymous(server.url());
    anonymous.get("/nowhere%0A2026-01-01T00:00:00.000Z%20ERROR%20forged").await.problem(404);
    logged(&server, "forged");
    assert!(server.log().iter().all(|line| !line.starts_with("2026-01-01")));
}
