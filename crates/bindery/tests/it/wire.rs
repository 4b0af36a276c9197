//! Requests that no HTTP library sends: begun and not ended, slow, cut off.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// One connection that speaks HTTP/1.1 byte by byte.
pub(crate) struct Wire {
    stream: TcpStream,
    path: String,
    host: String,
}

impl Wire {
    /// Connects to the server of a URL.
    pub(crate) async fn connect(url: &str) -> Self {
        let rest = url.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let stream = TcpStream::connect(host).await.unwrap();
        Self { stream, path: format!("/{path}"), host: host.to_owned() }
    }

    /// Sends the head of a request; `headers` are whole lines.
    pub(crate) async fn head(&mut self, method: &str, headers: &[&str]) {
        let mut head = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n", self.path, self.host);
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        self.send(head.as_bytes()).await;
    }

    /// Sends bytes. A server that has closed already is no failure: its answer tells.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Sends one chunk of a body of unknown length; an empty one ends it.
    pub(crate) async fn chunk(&mut self, bytes: &[u8]) {
        self.send(format!("{:x}\r\n", bytes.len()).as_bytes()).await;
        self.send(bytes).await;
        self.send(b"\r\n").await;
    }

    /// The status of the answer.
    pub(crate) async fn status(&mut self) -> u16 {
        let mut line = Vec::new();
        let read = async {
            while !line.ends_with(b"\r\n") {
                line.push(self.stream.read_u8().await.unwrap());
            }
        };
        timeout(Duration::from_secs(60), read).await.expect("an answer within a minute");
        let line = String::from_utf8(line).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap_or_else(|_| panic!("{line}"))
    }
}
