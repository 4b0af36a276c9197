//! Connections that mean no good.

use std::time::{Duration, Instant};

use bindery_testkit::Client;

use super::{hear, say, server};

#[tokio::test]
async fn hundreds_of_slow_half_open_connections_do_not_stop_service() {
    let server = server(&[]);
    let begins = [
        "",
        "G",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n",
        "PRI * HTTP",
        "POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n",
    ];
    let slow: Vec<_> = (0..600).map(|n| say(&server, begins[n % begins.len()])).collect();
    let begun = Instant::now();
    let anonymous = Client::anonymous(server.url());
    for _ in 0..20 {
        anonymous.get("/readyz").await.expect(200);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(slow);
}

#[test]
fn what_is_no_http_is_refused_and_closed() {
    let server = server(&[]);
    let stream = say(&server, "\u{16}\u{3}\u{1} this is no HTTP\r\n\r\n");
    let heard = hear(&stream);
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{heard}");
}

#[test]
fn http_2_is_spoken_with_those_who_begin_with_it() {
    let server = server(&[]);
    // The preface and an empty SETTINGS frame (RFC 9113, sections 3.4 and 6.5).
    let stream = say(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0");
    let mut frame = [0; 9];
    std::io::Read::read_exact(&mut &stream, &mut frame).unwrap();
    assert_eq!(frame[3], 4, "the server answers with its own SETTINGS");
}
