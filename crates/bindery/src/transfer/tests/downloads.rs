use super::world::World;

fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0]).collect()
}

impl World {
    async fn get(&self, url: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = headers
            .iter()
            .fold(self.http.get(url), |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }
}

#[tokio::test]
async fn the_exact_bytes_come_with_safe_headers() {
    let world = World::new().await;
    for (name, len) in [("Ritning å.pdf", 2_000_001), ("tom.txt", 0)] {
        let bytes = pattern(len);
        let url = world.version(name, &bytes).await;
        let answer = world.get(&url, &[]).await;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-length"), len.to_string());
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header("cache-control"), "private, no-transform");
        assert_eq!(header("accept-ranges"), "bytes");
        assert!(header("content-disposition").starts_with("attachment; filename=\""));
        assert!(header("etag").starts_with('"') && header("last-modified").ends_with("GMT"));
        assert!(answer.bytes().await.unwrap() == bytes);
    }
}

#[tokio::test]
async fn ranges_are_answered_as_the_standard_says() {
    let world = World::new().await;
    let bytes = pattern(1_500_000);
    let url = world.version("plan.dwg", &bytes).await;
    let etag = world.get(&url, &[]).await.headers()["etag"].to_str().unwrap().to_owned();
    for (headers, part) in [
        (vec![("range", "bytes=0-0")], 0..1),
        (vec![("range", "bytes=700000-")], 700_000..1_500_000),
        (vec![("range", "bytes=-10")], 1_499_990..1_500_000),
        (vec![("x-ms-range", "bytes=5-9"), ("range", "bytes=0-0")], 5..10),
        (vec![("range", "bytes=1-2"), ("if-range", etag.as_str())], 1..3),
    ] {
        let answer = world.get(&url, &headers).await;
        assert_eq!(answer.status(), 206, "{headers:?}");
        let range = format!("bytes {}-{}/1500000", part.start, part.end - 1);
        assert_eq!(answer.headers()["content-range"], range.as_str());
        assert!(answer.bytes().await.unwrap() == bytes[part], "{headers:?}");
    }
    for headers in [
        vec![("range", "bytes=0-0,5-5")],
        vec![("range", "lines=1-2")],
        vec![("range", "bytes=9-5")],
        vec![("range", "bytes=1-2"), ("if-range", "\"other\"")],
    ] {
        let answer = world.get(&url, &headers).await;
        assert_eq!(answer.status(), 200, "{headers:?}");
        assert!(answer.bytes().await.unwrap() == bytes);
    }
    let beyond = world.get(&url, &[("range", "bytes=1500000-")]).await;
    assert_eq!(beyond.status(), 416);
    assert_eq!(beyond.headers()["content-range"], "bytes */1500000");
}

#[tokio::test]
async fn conditions_are_answered_as_the_standard_says() {
    let world = World::new().await;
    let url = world.version("plan.dwg", b"bytes").await;
    let etag = world.get(&url, &[]).await.headers()["etag"].to_str().unwrap().to_owned();
    let unchanged = world.get(&url, &[("if-none-match", &etag)]).await;
    assert_eq!(unchanged.status(), 304);
    assert_eq!(unchanged.headers()["etag"], etag.as_str());
    assert_eq!(world.get(&url, &[("if-match", &etag)]).await.status(), 200);
    assert_eq!(world.get(&url, &[("if-match", "\"other\"")]).await.status(), 412);
    assert_eq!(
        world.get(&url, &[("if-modified-since", "Sat, 31 Jan 2026 08:15:30 GMT")]).await.status(),
        304
    );
    assert_eq!(
        world.get(&url, &[("if-unmodified-since", "Sat, 31 Jan 2026 08:15:29 GMT")]).await.status(),
        412
    );
}

#[tokio::test]
async fn head_says_the_same_without_the_bytes() {
    let world = World::new().await;
    let url = world.version("plan.dwg", b"bytes").await;
    let answer = world.http.head(&url).header("range", "bytes=0-0").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-length"].to_str().unwrap()),
        (200, "5")
    );
    assert!(answer.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_expired_or_altered_url_is_refused() {
    let world = World::new().await;
    let url = world.version("plan.dwg", b"bytes").await;
    assert_eq!(world.get(&url.replace("plan.dwg", "page.html"), &[]).await.status(), 403);
    assert_eq!(world.get(url.split('?').next().unwrap(), &[]).await.status(), 403);
    world.transfer.clock.advance_secs(300);
    assert_eq!(world.get(&url, &[]).await.status(), 403);
}

#[tokio::test]
async fn bytes_that_are_lost_are_our_failure() {
    let world = World::new().await;
    let url = world.version("plan.dwg", b"bytes").await;
    let found = world.transfer.blobs.list().next().await.unwrap().unwrap();
    world.transfer.blobs.remove_found(&found).await.unwrap();
    assert_eq!(world.get(&url, &[]).await.status(), 500);
}
