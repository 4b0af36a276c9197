use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bindery_store::uploads::UploadState;
use bytes::Bytes;
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::world::{NOW, World};
use crate::transfer::TransferLimits;

fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}

/// A body that does not say how long it is.
fn unannounced(bytes: Vec<u8>) -> reqwest::Body {
    let pieces: Vec<_> = bytes
        .chunks(60_000)
        .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
        .collect();
    reqwest::Body::wrap_stream(stream::iter(pieces))
}

/// A PUT that has sent its head and a part of its bytes.
async fn half_put(url: &str) -> TcpStream {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let head = format!("PUT /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 1000\r\n\r\nhalf");
    connection.write_all(head.as_bytes()).await.unwrap();
    connection
}

async fn until_receiving(world: &World, id: bindery_domain::UploadId) {
    while world.upload(id).await.state != UploadState::Receiving {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_bytes_of_a_put_are_stored_with_size_and_digest() {
    let world = World::new().await;
    for bytes in [Vec::new(), b"%PDF-1.7".to_vec(), vec![7; 3_000_000]] {
        let (id, url) = world.presign().await;
        let answer = world.put(&url, bytes.clone()).await;
        assert_eq!(answer.status(), 201);
        assert!(answer.headers()["etag"].to_str().unwrap().starts_with('"'));
        assert_eq!(answer.headers()["last-modified"], "Sat, 31 Jan 2026 08:15:30 GMT");
        let upload = world.upload(id).await;
        assert_eq!((upload.state, upload.expires), (UploadState::Received, NOW.plus_secs(3_600)));
        let received = upload.bytes.unwrap();
        assert_eq!(
            (received.size, received.sha256.to_vec()),
            (bytes.len().try_into().unwrap(), sha256(&bytes))
        );
        assert!(world.received(id).await == bytes);
    }
}

#[tokio::test]
async fn headers_of_azures_clients_are_tolerated() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    let request = world
        .http
        .put(&url)
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-version", "2025-01-05");
    let request =
        request.header("if-none-match", "*").header("x-ms-anything", "at all").body("bytes");
    assert_eq!(request.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_second_put_changes_nothing() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    assert_eq!(world.put(&url, "first").await.status(), 201);
    assert_eq!(world.put(&url, "second").await.status(), 409);
    assert_eq!(world.put(&format!("{url}&comp=block&blockid=YQ=="), "block").await.status(), 409);
    assert_eq!(world.put(&format!("{url}&comp=blocklist"), "<BlockList/>").await.status(), 409);
    assert_eq!(world.received(id).await, b"first");
    assert_eq!(world.files().await, 1);
}

#[tokio::test]
async fn an_expired_or_altered_url_is_refused() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    assert_eq!(world.put(&url.replace("se=2026", "se=2027"), "bytes").await.status(), 403);
    assert_eq!(world.put(url.split('?').next().unwrap(), "bytes").await.status(), 403);
    world.transfer.clock.advance_secs(3_600);
    assert_eq!(world.put(&url, "bytes").await.status(), 403);
    assert_eq!((world.upload(id).await.state, world.files().await), (UploadState::Open, 0));
}

#[tokio::test]
async fn too_many_bytes_are_refused_whether_announced_or_not() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let bytes = vec![7; (4 << 20) + 1];
    assert_eq!(world.put(&url, bytes.clone()).await.status(), 413);
    assert_eq!(world.put(&url, unannounced(bytes.clone())).await.status(), 413);
    assert_eq!((world.upload(id).await.state, world.files().await), (UploadState::Open, 0));
    assert_eq!(world.put(&url, unannounced(bytes[1..].to_vec())).await.status(), 201);
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_refused_before_the_bytes_come() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PUT /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5000000\r\nexpect: 100-continue\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    connection.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
}

#[tokio::test]
async fn too_little_free_space_is_507() {
    let limits = TransferLimits {
        max_upload_bytes: 100,
        min_free_bytes: u64::MAX,
        upload_expiry: Duration::from_secs(60),
    };
    let world = World::with(limits).await;
    let (id, url) = world.presign().await;
    for url in
        [url.clone(), format!("{url}&comp=block&blockid=YQ=="), format!("{url}&comp=blocklist")]
    {
        assert_eq!(world.put(&url, "<BlockList/>").await.status(), 507);
    }
    assert_eq!((world.upload(id).await.state, world.files().await), (UploadState::Open, 0));
}

#[tokio::test]
async fn bytes_of_another_md5_are_refused() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let md5 = BASE64_STANDARD.encode(0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72_u128.to_be_bytes());
    let put = |query: &str, md5: &str, bytes: &'static str| {
        world.http.put(format!("{url}{query}")).header("content-md5", md5).body(bytes).send()
    };
    let block = "&comp=block&blockid=YQ==";
    assert_eq!(put("", &md5, "abd").await.unwrap().status(), 400);
    assert_eq!(put("", "no md5", "abc").await.unwrap().status(), 400);
    assert_eq!(put(block, &md5, "abd").await.unwrap().status(), 400);
    assert_eq!(put("&comp=blocklist", &md5, "<BlockList/>").await.unwrap().status(), 400);
    assert_eq!((world.upload(id).await.state, world.files().await), (UploadState::Open, 0));
    assert_eq!(put(block, &md5, "abc").await.unwrap().status(), 201);
    assert_eq!(put("", &md5, "abc").await.unwrap().status(), 201);
}

#[tokio::test]
async fn an_aborted_put_can_be_retried_at_once() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let connection = half_put(&url).await;
    until_receiving(&world, id).await;
    drop(connection);
    let answer = world.put(&url, "too late to be first").await;
    assert_eq!(answer.status(), 201);
    let (next, next_url) = world.presign().await;
    drop(half_put(&next_url).await);
    assert_eq!(world.put(&next_url, "bytes").await.status(), 201);
    assert_eq!(world.received(next).await, b"bytes");
    assert_eq!(world.received(id).await, b"too late to be first");
    assert_eq!(world.files().await, 2);
}

#[tokio::test]
async fn a_put_beside_a_running_one_is_refused_and_disturbs_nothing() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let mut connection = half_put(&url).await;
    until_receiving(&world, id).await;
    assert_eq!(world.put(&url, "second").await.status(), 409);
    assert_eq!(world.put(&format!("{url}&comp=block&blockid=YQ=="), "block").await.status(), 409);
    connection.write_all(&[b'x'; 996]).await.unwrap();
    let mut status = [0; 12];
    connection.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 201");
    assert!(world.received(id).await.starts_with(b"halfx"));
}

#[tokio::test]
async fn of_many_puts_at_once_exactly_one_is_taken() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    let puts = (0..8).map(|n| world.put(&url, vec![n; 100_000]));
    let mut statuses: Vec<u16> = futures_util::future::join_all(puts)
        .await
        .iter()
        .map(|answer| answer.status().as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(world.files().await, 1);
}

#[tokio::test]
async fn blocks_are_assembled_in_the_lists_order() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let parts = [vec![1; 700_000], vec![2; 1_500_000], vec![3; 5]];
    let blocks = parts.iter().zip([0_u8, 1, 2]).rev().map(|(part, n)| {
        let id = BASE64_STANDARD.encode([n; 48]);
        world.http.put(format!("{url}&comp=block&blockid={id}")).body(part.clone()).send()
    });
    for answer in futures_util::future::join_all(blocks).await {
        assert_eq!(answer.unwrap().status(), 201);
    }
    let entry = |n: u8| format!("<Latest>{}</Latest>", BASE64_STANDARD.encode([n; 48]));
    let list = |entries: String| {
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{entries}</BlockList>")
    };
    let list_url = format!("{url}&comp=blocklist");
    assert_eq!(world.put(&list_url, list(entry(0) + &entry(9))).await.status(), 400);
    assert_eq!(world.put(&list_url, "no xml").await.status(), 400);
    assert_eq!(world.upload(id).await.state, UploadState::Open);
    let answer = world.put(&list_url, list(entry(2) + &entry(0) + &entry(1))).await;
    assert_eq!(answer.status(), 201);
    assert!(
        answer.headers().contains_key("etag") && answer.headers().contains_key("last-modified")
    );
    assert!(world.received(id).await == [&parts[2][..], &parts[0], &parts[1]].concat());
    assert_eq!(world.files().await, 1, "the blocks are gone");
}

#[tokio::test]
async fn blocks_count_against_the_size_limit() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    let block = |id: &str| format!("{url}&comp=block&blockid={id}");
    assert_eq!(world.put(&block("YQ=="), vec![1; 3 << 20]).await.status(), 201);
    assert_eq!(world.put(&block("Yg=="), vec![1; 2 << 20]).await.status(), 413);
    assert_eq!(world.put(&block("YQ=="), vec![1; 4 << 20]).await.status(), 201);
    let twice = "<BlockList><Latest>YQ==</Latest><Latest>YQ==</Latest></BlockList>";
    assert_eq!(world.put(&format!("{url}&comp=blocklist"), twice).await.status(), 413);
}

#[tokio::test]
async fn a_block_without_a_good_id_and_other_components_are_refused() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    for query in [
        "&comp=block",
        "&comp=block&blockid=",
        "&comp=block&blockid=%21",
        "&comp=page",
        "&comp=metadata",
    ] {
        assert_eq!(world.put(&format!("{url}{query}"), "bytes").await.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn a_block_list_of_megabytes_is_taken() {
    let world = World::new().await;
    let (id, url) = world.presign().await;
    let block = BASE64_STANDARD.encode([5; 64]);
    assert_eq!(
        world
            .put(&format!("{url}&comp=block&blockid={}", block.replace('+', "%2B")), "x")
            .await
            .status(),
        201
    );
    let list =
        format!("<BlockList>{}</BlockList>", format!("<Latest>{block}</Latest>\n").repeat(20_000));
    assert!(list.len() > 2 << 20);
    assert_eq!(world.put(&format!("{url}&comp=blocklist"), list).await.status(), 201);
    assert_eq!(world.upload(id).await.bytes.unwrap().size, 20_000);
}

#[tokio::test]
async fn nothing_of_a_url_is_in_the_folder() {
    let world = World::new().await;
    let (_, url) = world.presign().await;
    let signature = url.rsplit_once("sig=").unwrap().1;
    assert_eq!(world.put(&url, "bytes").await.status(), 201);
    for entry in std::fs::read_dir(world.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !bytes.windows(signature.len()).any(|part| part == signature.as_bytes()),
                "{path:?}"
            );
        }
    }
}
