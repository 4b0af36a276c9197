//! Many requests over one connection.

use std::time::Duration;

use bindery_testkit::{Organization, Server};
use bytes::Bytes;
use h2::client::SendRequest;
use h2::{Reason, RecvStream};
use http::Request;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{logged, server};

/// More than what the two ends of a connection hold for each other.
const LARGE: usize = 4 << 20;

/// A connection of a client that itself decides how much may come: 64 KiB of each answer at first, which leaves room for
/// the others.
async fn connect(server: &Server) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(super::address(server)).await.unwrap();
    let mut client = h2::client::Builder::new();
    client.initial_window_size(64 << 10).initial_connection_window_size(1 << 20);
    let (client, connection) = client.handshake(stream).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Asks for an address; the status of its answer, and the body that has not come yet.
async fn ask(client: &SendRequest<Bytes>, url: &str) -> (u16, RecvStream) {
    let request = Request::get(url).body(()).unwrap();
    let (answer, _) = client.clone().ready().await.unwrap().send_request(request, true).unwrap();
    let (head, body) = answer.await.unwrap().into_parts();
    (head.status.as_u16(), body)
}

/// Takes all of a body.
async fn take(mut body: RecvStream) -> Result<Vec<u8>, h2::Error> {
    let mut taken = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len()).unwrap();
        taken.extend_from_slice(&piece);
    }
    Ok(taken)
}

/// A link to a file of so many bytes.
async fn link(server: &Server, bytes: &[u8]) -> String {
    let organization = Organization::new(server);
    let creator = organization.creator();
    let upload = organization.upload(&creator, bytes).await;
    let version = organization.commit(&creator, &organization.tab(0), &upload, "l.bin", &[]).await;
    version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn answers_come_side_by_side_over_one_connection() {
    let server = server(&["--download-access", "proxied"]);
    let bytes: Vec<u8> = (0..=250).cycle().take(LARGE).collect();
    let url = link(&server, &bytes).await;
    let client = connect(&server).await;
    let (status, large) = ask(&client, &url).await;
    // An answer that came whole while the other waited for its caller.
    let (healthy, health) = ask(&client, &format!("{}/healthz", server.url())).await;
    assert_eq!((status, healthy), (200, 200));
    assert!(take(health).await.unwrap().starts_with(b"{"));
    assert!(take(large).await.unwrap() == bytes);
}

#[tokio::test]
async fn an_answer_of_which_nothing_is_taken_is_reset_and_the_others_go_on() {
    let server = server(&["--send-timeout", "1s", "--download-access", "proxied"]);
    let url = link(&server, &vec![7; LARGE]).await;
    let client = connect(&server).await;
    let (status, mut stuck) = ask(&client, &url).await;
    assert_eq!(status, 200);
    // What may come without the caller's saying comes; the caller never says more.
    let mut come = 0;
    let end = loop {
        let piece = timeout(Duration::from_secs(60), stuck.data()).await.expect("the server waits");
        match piece.expect("the answer ended as if it were whole") {
            Ok(piece) => come += piece.len(),
            Err(end) => break end,
        }
    };
    assert_eq!((end.is_reset(), end.reason()), (true, Some(Reason::CANCEL)), "{end}");
    assert!(come < LARGE, "{come}");
    let line = logged(&server, "was downloaded");
    assert!(line.contains("complete=false"), "{line}");
    let (status, health) = ask(&client, &format!("{}/healthz", server.url())).await;
    assert_eq!(status, 200);
    take(health).await.unwrap();
}
