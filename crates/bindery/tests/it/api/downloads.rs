//! Presigned download URLs.

use bindery_testkit::Organization;
use serde_json::Value;

use crate::support::organization;

async fn link(organization: &Organization, name: &str, bytes: &[u8]) -> String {
    let creator = organization.creator();
    let upload = organization.upload(&creator, bytes).await;
    let version = organization
        .commit(&creator, &organization.tab(0), &upload, name, &[])
        .await
        .expect(200)
        .json();
    version["downloadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn raw_and_downloadlink_answer_a_url_and_its_end() {
    let organization = organization();
    let version = organization.document("a.pdf", &[]).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = format!(
        "/api/documents/{}/versions/{}",
        text(&version["documentId"]),
        text(&version["id"])
    );
    for name in ["raw", "downloadlink", "DownloadLink"] {
        let answer = organization.reader().get(&format!("{path}/{name}")).await.expect(200);
        assert!(answer.header("cache-control").contains("no-store"));
        let answer = answer.json();
        assert!(text(&answer["expiresAt"]).ends_with('Z'));
        let bytes = organization.anonymous().get(&text(&answer["url"])).await.expect(200);
        assert_eq!(bytes.body, b"a.pdf");
    }
}

#[tokio::test]
async fn the_file_name_is_in_content_disposition_also_when_it_is_not_ascii() {
    let organization = organization();
    let name = "Plan 1, våning \"A\"; é.pdf";
    let answer =
        organization.anonymous().get(&link(&organization, name, b"%PDF").await).await.expect(200);
    let disposition = answer.header("content-disposition");
    assert!(
        disposition
            .contains("filename*=UTF-8''Plan%201%2C%20v%C3%A5ning%20%22A%22%3B%20%C3%A9.pdf"),
        "{disposition}"
    );
    assert!(disposition.contains("filename=\""), "{disposition}");
}

#[tokio::test]
async fn a_download_can_never_run_as_a_page_of_the_site() {
    let organization = organization();
    for name in ["page.html", "image.svg", "data.xml", "script.js", "plan.pdf", "noext"] {
        let answer = organization
            .anonymous()
            .get(&link(&organization, name, b"<script>1</script>").await)
            .await
            .expect(200);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert!(answer.header("content-security-policy").contains("sandbox"), "{name}");
        if name != "plan.pdf" {
            assert!(answer.header("content-disposition").starts_with("attachment"), "{name}");
        }
    }
}

#[tokio::test]
async fn ranges_follow_the_rules() {
    let organization = organization();
    let url = link(&organization, "digits.bin", b"0123456789").await;
    let anonymous = organization.anonymous();
    for (header, body, range) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-100", "89", "bytes 8-9/10"),
        ("bytes=-100", "0123456789", "bytes 0-9/10"),
    ] {
        for name in ["range", "x-ms-range"] {
            let answer = anonymous.with_header(name, header).get(&url).await.expect(206);
            assert_eq!(String::from_utf8_lossy(&answer.body), body, "{header}");
            assert_eq!(answer.header("content-range"), range, "{header}");
        }
    }
    for ignored in ["bytes=5-3", "items=0-1", "bytes=a-b", "bytes=", "0-3"] {
        assert_eq!(
            anonymous.with_header("range", ignored).get(&url).await.expect(200).body,
            b"0123456789",
            "{ignored}"
        );
    }
    for beyond in ["bytes=10-", "bytes=100-200", "bytes=-0"] {
        let answer = anonymous.with_header("range", beyond).get(&url).await;
        assert_eq!(answer.header("content-range"), "bytes */10", "{beyond}");
        answer.problem(416);
    }
    assert_eq!(anonymous.get(&url).await.expect(200).header("accept-ranges"), "bytes");
}

#[tokio::test]
async fn conditional_requests_follow_the_rules() {
    let organization = organization();
    let url = link(&organization, "a.bin", b"0123456789").await;
    let anonymous = organization.anonymous();
    let first = anonymous.get(&url).await.expect(200);
    let (etag, modified) =
        (first.header("etag").to_owned(), first.header("last-modified").to_owned());
    assert!(etag.starts_with('"'));
    assert!(
        anonymous.with_header("if-none-match", &etag).get(&url).await.expect(304).body.is_empty()
    );
    anonymous.with_header("if-none-match", &format!("\"x\", W/{etag}")).get(&url).await.expect(304);
    anonymous.with_header("if-none-match", "\"x\"").get(&url).await.expect(200);
    anonymous.with_header("if-modified-since", &modified).get(&url).await.expect(304);
    anonymous.with_header("if-match", "\"x\"").get(&url).await.problem(412);
    anonymous.with_header("if-match", &etag).get(&url).await.expect(200);
    anonymous
        .with_header("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT")
        .get(&url)
        .await
        .problem(412);
    let partial = anonymous.with_header("range", "bytes=0-0");
    partial.with_header("if-range", &etag).get(&url).await.expect(206);
    partial.with_header("if-range", "\"x\"").get(&url).await.expect(200);
}

#[tokio::test]
async fn an_altered_download_url_is_403() {
    let organization = organization();
    let url = link(&organization, "a.bin", b"x").await;
    let other = link(&organization, "b.bin", b"y").await;
    let (path, query) = url.split_once('?').unwrap();
    let (_, other_query) = other.split_once('?').unwrap();
    for altered in [
        path.to_owned(),
        format!("{path}?{other_query}"),
        format!("{path}?{}", query.replace("se=2", "se=3")),
    ] {
        organization.anonymous().get(&altered).await.problem(403);
    }
    // A link to read is no link to write.
    organization.anonymous().put(&url, b"z".to_vec()).await.problem(405);
}
