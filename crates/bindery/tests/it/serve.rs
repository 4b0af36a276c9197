//! The server as a process: how it starts, is reached, is told to stop, and what it says meanwhile.

mod connections;
mod cors;
mod drain;
mod http2;
mod logs;
mod metrics;
mod solo;
mod start;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use bindery_testkit::{Server, ServerOptions};

use crate::support::PROGRAM;

/// A server of the test's own with these further arguments.
fn server(args: &[&str]) -> Server {
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    Server::start(PROGRAM, ServerOptions { args, ..ServerOptions::default() })
}

fn address(server: &Server) -> SocketAddr {
    server.url().strip_prefix("http://").unwrap().parse().unwrap()
}

/// A bare connection on which this much has been said.
fn say(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address(server)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

/// What comes until the server closes.
fn hear(mut stream: &TcpStream) -> String {
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    heard
}

/// The first line of the log with this text; the log is read beside the test, so it may come a moment later.
fn logged(server: &Server, text: &str) -> String {
    let begun = Instant::now();
    loop {
        if let Some(line) = server.log().iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{text} is not logged: {:?}",
            server.log()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
