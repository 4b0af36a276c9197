//! Refusals look alike everywhere, and times too.

use bindery_testkit::Answer;
use serde_json::Value;

use crate::support::organization;

/// What a URI reference may consist of (RFC 3986).
fn is_uri_reference(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

/// Checks the members of a problem body; returns its type.
#[track_caller]
fn checked(answer: Answer, status: u16) -> String {
    let problem = answer.problem(status);
    let known = ["type", "title", "status", "detail", "instance", "traceId", "errors"];
    for name in problem.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "{problem}");
    }
    let is_text = |value: &Value| value.is_null() || value.is_string();
    assert!(is_text(&problem["detail"]), "{problem}");
    let errors = problem["errors"].as_object().into_iter().flatten();
    for (_, messages) in errors {
        let messages = messages.as_array().unwrap();
        assert!(!messages.is_empty() && messages.iter().all(Value::is_string), "{problem}");
    }
    let kind = problem["type"].as_str().unwrap().to_owned();
    assert!(is_uri_reference(&kind), "{kind}");
    kind
}

#[tokio::test]
async fn every_refusal_is_a_problem_with_a_type_of_its_own() {
    let organization = organization();
    let (anonymous, reader) = (organization.anonymous(), organization.reader());
    let upload = organization.presign(&organization.creator()).await;
    let bad = upload.url.replace("sig=", "sig=A");
    let mut kinds = vec![
        checked(anonymous.get("/api/binders").await, 401),
        checked(reader.get("/api/documents/uploads/personalstorage/presignedupload").await, 403),
        checked(reader.get("/api/documents/none").await, 404),
        checked(reader.send("DELETE", "/api/binders", None).await, 405),
        checked(
            reader.send("POST", "/api/documents", Some(("text/plain", b"x".to_vec()))).await,
            415,
        ),
        checked(reader.post("/api/documents", &Value::Array(Vec::new())).await, 400),
    ];
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    for (method, url, status) in [
        ("PUT", bad.as_str(), 403),
        ("GET", upload.url.as_str(), 405),
        ("POST", upload.url.as_str(), 405),
        ("DELETE", upload.url.as_str(), 405),
        ("GET", "/storage/nothing", 404),
    ] {
        checked(anonymous.send(method, url, Some(("text/plain", b"x".to_vec()))).await, status);
    }
    let strange = format!("{}&comp=page", upload.url);
    checked(anonymous.put(&strange, b"x".to_vec()).await, 400);
}

#[tokio::test]
async fn paths_and_headers_of_any_bytes_are_refused_and_not_stumbled_over() {
    let organization = organization();
    let reader = organization.reader();
    for path in [
        "/api/documents/%00",
        "/api/documents/%ff%fe",
        "/api/documents/%2e%2e%2fbinders",
        "/api/binders/%F0%9F%8F%A0%00/metadataelements",
        "/api/documents/drives/binders/%00%00%00%00%00%00%00%00%00",
        "/api/documents/drives/%ff/x",
        "/storage/%00/versions/%ff/a",
        "/storage/../api/binders%2f..",
    ] {
        let answer = reader.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        let status = answer.status;
        checked(answer, status);
    }
    for (query, is_refused) in [
        ("searchTerm=%00", false),
        ("searchTerm=%ff", true),
        ("searchTerm=%", false),
        ("&&=&=x", false),
    ] {
        let answer = reader.post(&format!("/api/documents?{query}"), &serde_json::json!({})).await;
        assert!(answer.status == 200 || answer.status == 400, "{query}: {}", answer.status);
        assert!(!is_refused || answer.status == 400, "{query}");
    }
    let key = "k".repeat(5_000);
    let path = format!("{}/upload", organization.drive(&organization.tab(0)));
    let creator = organization.creator().with_header("idempotency-key", &key);
    creator.post(&path, &serde_json::json!({})).await.problem(400);
}

#[tokio::test]
async fn times_are_utc_with_three_decimals() {
    let organization = organization();
    let version = organization.document("a.pdf", &[]).await;
    let reader = organization.reader();
    let path = format!(
        "/api/documents/{}/versions/{}/raw",
        version["documentId"].as_str().unwrap(),
        version["id"].as_str().unwrap()
    );
    let link = reader.get(&path).await.expect(200).json();
    let binders = reader.get("/api/binders").await.expect(200).json();
    for time in [&version["modifiedAt"], &link["expiresAt"], &binders[0]["createdAt"]] {
        let time = time.as_str().unwrap();
        let shape: String =
            time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000Z");
    }
}
