//! Being told to stop.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bindery_testkit::Server;

use super::{address, hear, say, server};

const BODY: &str = "grant_type=client_credentials&client_id=nobody&client_secret=nothing";

/// A request whose body has begun: it runs until the rest is said.
fn begin(server: &Server) -> TcpStream {
    let head = format!(
        "POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        BODY.len()
    );
    let stream = say(server, &head);
    // The server asks for the body once the request runs.
    let mut interim = [0; 25];
    std::io::Read::read_exact(&mut &stream, &mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

fn until_no_connection_is_taken(server: &Server) {
    let begun = Instant::now();
    while TcpStream::connect(address(server)).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(30), "connections are still taken");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn running_requests_finish_and_no_new_connection_is_taken() {
    for signal in ["TERM", "INT"] {
        let server = server(&[]);
        let mut running = begin(&server);
        server.signal(signal);
        until_no_connection_is_taken(&server);
        running.write_all(BODY.as_bytes()).unwrap();
        let heard = hear(&running);
        assert!(heard.starts_with("HTTP/1.1 401 "), "{heard}");
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn idle_and_half_open_connections_do_not_delay_the_stop() {
    let server = server(&[]);
    let idle = say(&server, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut first = [0; 12];
    std::io::Read::read_exact(&mut &idle, &mut first).unwrap();
    let silent = say(&server, "");
    let half = say(&server, "GET /hea");
    let begun = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    drop((idle, silent, half));
}
