//! How much an upload may bring, and what is left of one that brought too much or broke.

mod solo;

use std::fs;
use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Server, ServerOptions, stored_root};
use tokio::time::sleep;

use crate::support::{PROGRAM, organization};
use crate::wire::Wire;

const MIB: usize = 1 << 20;

fn server(option: &str, value: &str) -> Server {
    let args = [option, value].map(str::to_owned).to_vec();
    Server::start(PROGRAM, ServerOptions { args, ..Default::default() })
}

/// The bytes of all files of a server that are not the database's, those on their way included.
fn stored_bytes(server: &Server) -> u64 {
    let mut sum = 0;
    let mut folders = vec![stored_root(server.data_dir())];
    while let Some(folder) = folders.pop() {
        // A folder or a file may go while we look; in an S3 storage there are none before the first file.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if !entry.file_name().to_string_lossy().contains(".db") {
                sum += metadata.len();
            }
        }
    }
    sum
}

/// Waits until the storage holds no more than so many bytes.
async fn settles_at(server: &Server, bytes: u64) {
    let end = Instant::now() + Duration::from_secs(30);
    while stored_bytes(server) > bytes {
        assert!(Instant::now() < end, "{} bytes were left", stored_bytes(server));
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_file_that_is_announced_too_large_is_refused_before_its_bytes() {
    let server = server("--max-upload-size", "1MiB");
    let organization = Organization::new(&server);
    let upload = organization.presign(&organization.creator()).await;
    for tail in ["", "&comp=block&blockid=YQ%3D%3D"] {
        let mut wire = Wire::connect(&format!("{}{tail}", upload.url)).await;
        wire.head("PUT", &["Content-Length: 1048577"]).await;
        assert_eq!(wire.status().await, 413, "{tail}");
    }
    let problem = organization.anonymous().put(&upload.url, vec![0; MIB + 1]).await.problem(413);
    assert!(
        problem.to_string().contains("1048576") || problem.to_string().contains("1 MiB"),
        "{problem}"
    );
    // The largest that fits does, on the same URL.
    organization.anonymous().put(&upload.url, vec![0; MIB]).await.expect(201);
}

#[tokio::test]
async fn a_file_that_turns_out_too_large_is_refused_and_removed() {
    let server = server("--max-upload-size", "1MiB");
    let organization = Organization::new(&server);
    let upload = organization.presign(&organization.creator()).await;
    let before = stored_bytes(&server);
    let mut wire = Wire::connect(&upload.url).await;
    wire.head("PUT", &["Transfer-Encoding: chunked"]).await;
    for _ in 0..5 {
        wire.chunk(&vec![7; MIB / 4]).await;
    }
    wire.chunk(b"").await;
    assert_eq!(wire.status().await, 413);
    settles_at(&server, before).await;
    organization.anonymous().put(&upload.url, b"small".to_vec()).await.expect(201);
}

#[tokio::test]
async fn blocks_count_against_the_limit_together() {
    let server = server("--max-upload-size", "1MiB");
    let organization = Organization::new(&server);
    let (creator, azure) = (organization.creator(), organization.anonymous());
    let upload = organization.presign(&creator).await;
    let block = |id: &str| format!("{}&comp=block&blockid={id}%3D%3D", upload.url);
    azure.put(&block("YQ"), vec![1; MIB * 3 / 4]).await.expect(201);
    let second = azure.put(&block("Yg"), vec![2; MIB * 3 / 4]).await;
    if second.status == 413 {
        second.problem(413);
    } else {
        let list = b"<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>".to_vec();
        azure.put(&format!("{}&comp=blocklist", upload.url), list).await.problem(413);
    }
    azure.put(&upload.url, b"small".to_vec()).await.expect(201);
    settles_at(&server, 5 + 1024).await;
}

#[tokio::test]
async fn a_put_that_was_cut_off_can_be_sent_again_and_leaves_nothing() {
    let server = server("--max-upload-size", "1GiB");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let mut wire = Wire::connect(&upload.url).await;
    wire.head("PUT", &["Content-Length: 2000000"]).await;
    wire.send(&vec![1; MIB]).await;
    organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await.problem(409);
    drop(wire);
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = organization.anonymous().put(&upload.url, b"whole".to_vec()).await;
        if answer.status == 201 {
            break;
        }
        // Until the server sees that the connection is gone, the first PUT runs.
        answer.problem(409);
        assert!(Instant::now() < end, "the URL stays taken");
        sleep(Duration::from_millis(20)).await;
    }
    settles_at(&server, 5 + 1024).await;
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    assert_eq!(organization.anonymous().get(&link).await.expect(200).body, b"whole");
}

#[tokio::test]
async fn two_puts_at_once_never_mix() {
    let organization = organization();
    let upload = organization.presign(&organization.creator()).await;
    let mut wire = Wire::connect(&upload.url).await;
    wire.head("PUT", &["Content-Length: 4"]).await;
    wire.send(b"on").await;
    // Once the first has begun, the second is refused; if it is faster, the first is.
    let second = organization.anonymous().put(&upload.url, b"TWO".to_vec()).await;
    wire.send(b"e!").await;
    let first = wire.status().await;
    assert!(matches!((first, second.status), (201, 409) | (409, 201)), "{first} {}", second.status);
    let creator = organization.creator();
    let version = organization.commit(&creator, &organization.tab(0), &upload, "a.bin", &[]).await;
    if version.status == 200 {
        let link = version.json()["downloadUrl"].as_str().unwrap().to_owned();
        let expected: &[u8] = if first == 201 { b"one!" } else { b"TWO" };
        assert_eq!(organization.anonymous().get(&link).await.expect(200).body, expected);
    }
}
