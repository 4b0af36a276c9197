//! What holds for every call: paths, names, methods, trace ids, limits.

use serde_json::json;

use crate::support::organization;

#[tokio::test]
async fn literal_path_segments_match_in_any_case_and_a_trailing_slash_is_ignored() {
    let organization = organization();
    let reader = organization.reader();
    for path in ["/API/Binders", "/api/BINDERS/", "/api/binders/", "/api/b%69nders"] {
        reader.get(path).await.expect(200);
    }
    let binder = organization.binder(0);
    reader.get(&format!("/api/Documents/Drives/binders/{binder}/")).await.expect(200);
    reader.get(&format!("/Api/Binders/{binder}/MetadataElements")).await.expect(200);
    reader.post("/api/Documents/", &json!({})).await.expect(200);
    organization
        .creator()
        .get("/api/documents/Uploads/PersonalStorage/PresignedUpload")
        .await
        .expect(200);
}

#[tokio::test]
async fn query_names_match_in_any_case() {
    let organization = organization();
    organization.document("a.pdf", &[]).await;
    organization.document("b.pdf", &[]).await;
    let page = organization
        .reader()
        .post("/api/documents?PAGESIZE=1&PageNumber=2&SearchTerm=PDF", &json!({}))
        .await;
    let page = page.expect(200).json();
    assert_eq!((page["pageSize"].clone(), page["pageNumber"].clone()), (json!(1), json!(2)));
    assert_eq!(page["items"][0]["fileName"], "a.pdf");
}

#[tokio::test]
async fn unknown_routes_are_404_and_wrong_methods_405_as_problems() {
    let organization = organization();
    let reader = organization.reader();
    for path in ["/api", "/api/nothing", "/api/binders/x/y/z", "/nothing", "/api//binders"] {
        reader.get(path).await.problem(404);
    }
    for (method, path) in [
        ("DELETE", "/api/binders"),
        ("PUT", "/api/documents"),
        ("GET", "/connect/token"),
        ("PATCH", "/api/documents/x"),
    ] {
        let answer = reader.send(method, path, None).await;
        assert!(!answer.header("allow").is_empty(), "{method} {path}");
        answer.problem(405);
    }
}

#[tokio::test]
async fn head_works_wherever_get_does() {
    let organization = organization();
    let version = organization.document("head.pdf", &[]).await;
    let document = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    for path in
        ["/api/binders".to_owned(), document, "/healthz".to_owned(), "/openapi.json".to_owned()]
    {
        let get = organization.reader().get(&path).await.expect(200);
        let head = organization.reader().send("HEAD", &path, None).await.expect(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
    let link = version["downloadUrl"].as_str().unwrap();
    let head = organization.anonymous().send("HEAD", link, None).await.expect(200);
    assert_eq!(head.header("content-length"), "head.pdf".len().to_string());
}

#[tokio::test]
async fn the_trace_id_is_taken_from_traceparent() {
    let organization = organization();
    let reader = organization
        .reader()
        .with_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let problem = reader.get("/api/binders/AAAAAAAAA/metadataelements").await.problem(404);
    assert_eq!(problem["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    let reader = organization.reader().with_header("traceparent", "garbage");
    let first = reader.get("/api/nothing").await.problem(404)["traceId"].clone();
    let second = reader.get("/api/nothing").await.problem(404)["traceId"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn answers_tell_what_is_left_of_the_rate_limit() {
    let organization = organization();
    let answer = organization.reader().get("/api/binders").await.expect(200);
    for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
        assert!(answer.header(name).parse::<u64>().is_ok(), "{name}: {}", answer.header(name));
    }
}

#[tokio::test]
async fn long_json_answers_are_compressed_when_asked() {
    let organization = organization();
    let path = format!("/api/binders/{}/metadataelements", organization.binder(0));
    let answer =
        organization.reader().with_header("accept-encoding", "gzip").get(&path).await.expect(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
    let plain = organization.reader().get(&path).await.expect(200);
    assert_eq!(plain.header("content-encoding"), "");
    let short = organization
        .reader()
        .with_header("accept-encoding", "gzip")
        .get("/api/binders")
        .await
        .expect(200);
    assert_eq!(short.header("content-encoding"), "");
}
