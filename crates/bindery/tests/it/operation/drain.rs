//! Ending the server: what runs finishes, nothing new begins.

use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Server, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::PROGRAM;
use crate::support::operator::check_is_clean;

fn address(server: &Server) -> &str {
    server.url().strip_prefix("http://").unwrap()
}

/// Waits until nobody listens there any more.
async fn no_new_connections(address: &str) {
    let end = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(address).await.is_ok() {
        assert!(Instant::now() < end, "new connections are still taken");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_put_that_runs_when_the_server_is_told_to_stop_is_finished_and_durable() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        ServerOptions { data_dir: Some(folder.path().join("data")), ..Default::default() };
    let server = Server::start(PROGRAM, options.clone());
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    let path = upload.url.strip_prefix(server.url()).unwrap();
    let mut put = TcpStream::connect(address(&server)).await.unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: bindery\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n"
    );
    put.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the bytes: the request runs.
    let mut answer = [0; 12];
    put.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, *b"HTTP/1.1 100");
    put.write_all(b"half").await.unwrap();

    server.signal("TERM");
    no_new_connections(address(&server)).await;
    // A sender who is slow, but not gone, is waited for.
    for byte in b"half" {
        tokio::time::sleep(Duration::from_millis(900)).await;
        put.write_all(&[*byte]).await.unwrap();
    }
    let mut rest = String::new();
    put.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("HTTP/1.1 201 Created"), "{rest}");
    assert_eq!(server.wait_within(Duration::from_secs(30)), Some(0));

    let server = Server::start(PROGRAM, options);
    let organization = organization.at(&server);
    let (creator, tab) = (organization.creator(), organization.tab(0));
    let version =
        organization.commit(&creator, &tab, &upload, "a.pdf", &[]).await.expect(200).json();
    let link = version["downloadUrl"].as_str().unwrap();
    assert_eq!(organization.anonymous().get(link).await.expect(200).body, b"halfhalf");
    check_is_clean(server.data_dir());
}
