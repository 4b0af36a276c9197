//! Callers that begin and never end, hundreds at a time.

use std::time::Duration;

use bindery_testkit::{Organization, Server, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::PROGRAM;

/// More than what the two ends of a connection hold for each other.
const LARGE: usize = 16 << 20;
/// The bytes of an upload that is begun and left.
const BODY: usize = 100_000;

/// Opens a connection and sends this much.
async fn begin(server: &Server, text: &str) -> TcpStream {
    let address = server.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

fn head(method: &str, url: &str, more: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap();
    format!("{method} /{path} HTTP/1.1\r\nHost: bindery\r\n{more}\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_connections_that_dawdle_stop_nobody() {
    // Less than the server's own patience with them, so that it is not their end that lets others in.
    tokio::time::timeout(Duration::from_secs(25), serve_beside_dawdlers()).await.unwrap();
}

async fn serve_beside_dawdlers() {
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.upload(&creator, &vec![3; LARGE]).await;
    let large =
        organization.commit(&creator, &organization.tab(0), &upload, "large.bin", &[]).await;
    let large = large.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();

    let mut dawdlers = Vec::new();
    let mut puts = Vec::new();
    for _ in 0..100 {
        dawdlers.push(begin(&server, "").await);
        dawdlers.push(begin(&server, "GET /api/binders HTTP/1.1\r\nHost: bin").await);
        dawdlers.push(begin(&server, &head("GET", &large, "")).await);
        let upload = organization.presign(&creator).await;
        let head = head("PUT", &upload.url, &format!("Content-Length: {BODY}\r\n"));
        puts.push((begin(&server, &(head + &"x".repeat(BODY / 2))).await, upload));
    }

    for n in 0..20 {
        let name = format!("meanwhile {n}.pdf");
        organization.document(&name, &[]).await;
    }
    organization.reader().get("/api/binders").await.expect(200);

    // Those that come back to life are served as well.
    let (mut stream, upload) = puts.pop().unwrap();
    stream.write_all(&vec![b'x'; BODY / 2]).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, *b"HTTP/1.1 201");
    organization.commit(&creator, &organization.tab(0), &upload, "slow.pdf", &[]).await.expect(200);
    drop((dawdlers, puts));
}
