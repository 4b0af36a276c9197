//! Bytes that go through the server: what integrations see is what they see with files.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bindery_testkit::Organization;

use super::{Stored, pattern};

const MIB: usize = 1 << 20;

/// Uploads and commits; returns the download URL.
async fn round(organization: &Organization, name: &str, bytes: &[u8]) -> String {
    let creator = organization.creator();
    let upload = organization.upload(&creator, bytes).await;
    let version = organization.commit(&creator, &organization.tab(0), &upload, name, &[]).await;
    version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn small_large_and_empty_files_come_back_as_they_were() {
    let stored = Stored::new(&["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    for (name, len) in [("empty", 0), ("small", 1_000), ("part", 8 * MIB), ("large", 21 * MIB + 5)]
    {
        let bytes = pattern(len);
        let url = round(&organization, name, &bytes).await;
        assert!(url.starts_with(stored.server.url()), "{url}");
        let answer = organization.anonymous().get(&url).await.expect(200);
        assert!(answer.body == bytes, "{name} differs");
        assert!(answer.header("etag").starts_with('"'));
    }
    let objects = stored.objects();
    assert_eq!(objects.len(), 4, "{objects:?}");
    assert!(objects.iter().all(|object| object.starts_with(&organization.id)), "{objects:?}");
}

#[tokio::test]
async fn ranges_and_conditions_hold_as_with_files() {
    let stored = Stored::new(&["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let bytes = pattern(3 * MIB);
    let url = round(&organization, "plan.pdf", &bytes).await;
    let anonymous = organization.anonymous();
    for name in ["range", "x-ms-range"] {
        let ranged = anonymous.with_header(name, "bytes=1000000-2000000");
        let answer = ranged.get(&url).await.expect(206);
        assert_eq!(answer.header("content-range"), "bytes 1000000-2000000/3145728");
        assert!(answer.body == bytes[1_000_000..=2_000_000]);
    }
    anonymous.with_header("range", "bytes=3145728-").get(&url).await.problem(416);
    let etag = anonymous.get(&url).await.expect(200).header("etag").to_owned();
    anonymous.with_header("if-none-match", &etag).get(&url).await.expect(304);
    anonymous.with_header("if-match", "\"other\"").get(&url).await.problem(412);
    let head = anonymous.send("HEAD", &url, None).await.expect(200);
    assert_eq!(head.header("content-length"), "3145728");
}

#[tokio::test]
async fn a_url_takes_one_put_and_not_a_byte_over_the_limit() {
    let stored = Stored::new(&["--max-upload-size", "9MiB"]);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let anonymous = organization.anonymous();
    anonymous.put(&upload.url, vec![0; 9 * MIB + 1]).await.problem(413);
    // Unannounced, so that it is found out while the bytes come, and after a part was sent.
    let pieces = (0..10).map(|_| Ok::<_, std::io::Error>(vec![0_u8; MIB]));
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let answer = reqwest::Client::new().put(&upload.url).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    let wrong = anonymous.with_header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
    wrong.put(&upload.url, b"x".to_vec()).await.problem(400);
    assert_eq!(stored.objects(), [""; 0]);
    anonymous.put(&upload.url, pattern(9 * MIB)).await.expect(201);
    anonymous.put(&upload.url, b"second".to_vec()).await.problem(409);
    assert_eq!(stored.objects().len(), 1);
}

#[tokio::test]
async fn blocks_are_put_together_and_leave_nothing_behind() {
    let stored = Stored::new(&["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let bytes = pattern(10 * MIB);
    let id = |n: usize| BASE64_STANDARD.encode(format!("{n:03}"));
    for (n, part) in bytes.chunks(3 * MIB).enumerate().rev() {
        let url = format!("{}&comp=block&blockid={}", upload.url, id(n));
        azure.put(&url, part.to_vec()).await.expect(201);
    }
    let items: String = (0..4).map(|n| format!("<Latest>{}</Latest>", id(n))).collect();
    let url = format!("{}&comp=blocklist", upload.url);
    let unknown = format!("<BlockList>{items}<Latest>{}</Latest></BlockList>", id(9));
    azure.put(&url, unknown.into_bytes()).await.problem(400);
    azure.put(&url, format!("<BlockList>{items}</BlockList>").into_bytes()).await.expect(201);
    assert_eq!(stored.objects().len(), 1, "{:?}", stored.objects());
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    assert!(azure.get(&link).await.expect(200).body == bytes);
}

#[tokio::test]
async fn a_broken_put_leaves_nothing_and_may_be_tried_again() {
    let stored = Stored::new(&[]);
    let organization = Organization::new(&stored.server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let pieces = (0..12).map(|n| match n {
        11 => Err(std::io::Error::other("the sender gives up")),
        _ => Ok(vec![0_u8; MIB]),
    });
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    reqwest::Client::new().put(&upload.url).body(body).send().await.unwrap_err();
    organization.anonymous().put(&upload.url, b"whole".to_vec()).await.expect(201);
    assert_eq!(stored.objects().len(), 1);
}

#[tokio::test]
async fn equal_bytes_are_kept_once() {
    let stored = Stored::new(&["--download-access", "proxied"]);
    let organization = Organization::new(&stored.server);
    let first = round(&organization, "a.pdf", b"same").await;
    let second = round(&organization, "b.pdf", b"same").await;
    for url in [first, second] {
        assert_eq!(organization.anonymous().get(&url).await.expect(200).body, b"same");
    }
    let usage = stored.server.command_ok(&["check", "--json"]);
    let summary = usage.lines().last().unwrap();
    assert!(summary.contains("\"blobs\":1") && summary.contains("\"damage\":false"), "{usage}");
}
