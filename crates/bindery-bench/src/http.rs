//! The least HTTP/1.1 that a load generator needs: it shares the cores with what it measures.

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, after checking that the call succeeded.
    pub(crate) fn json(&self) -> anyhow::Result<serde_json::Value> {
        if !(200..300).contains(&self.status) {
            bail!("{}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        serde_json::from_slice(&self.body).context("an answer that is no JSON")
    }
}

impl Connection {
    /// Connects to `HOST:PORT`.
    pub(crate) async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a ready request and reads its answer.
    pub(crate) async fn call(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        self.answer().await
    }

    /// Sends a head and then a body that is made piece by piece.
    pub(crate) async fn send(
        &mut self,
        head: &[u8],
        size: u64,
        piece: &[u8],
    ) -> anyhow::Result<Answer> {
        self.stream.write_all(head).await?;
        let mut left = size;
        while left > 0 {
            let take = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            self.stream.write_all(&piece[..take]).await?;
            left -= take as u64;
        }
        self.answer().await
    }

    /// Sends a request and throws its body away; returns how many bytes came.
    pub(crate) async fn drain(&mut self, request: &[u8]) -> anyhow::Result<u64> {
        self.stream.write_all(request).await?;
        let (head, length) = self.head().await?;
        if head != 200 {
            bail!("status {head}");
        }
        let mut left =
            length.context("an answer without a length")?.saturating_sub(self.buffer.len());
        self.buffer.clear();
        let mut piece = vec![0; 1 << 18];
        let total = left as u64;
        while left > 0 {
            let read = self.stream.read(&mut piece[..left.min(1 << 18)]).await?;
            if read == 0 {
                bail!("the connection broke");
            }
            left -= read;
        }
        Ok(total)
    }

    async fn answer(&mut self) -> anyhow::Result<Answer> {
        let (status, length) = self.head().await?;
        let body = match length {
            Some(length) => {
                while self.buffer.len() < length {
                    self.fill().await?;
                }
                self.buffer.drain(..length).collect()
            }
            None => self.chunks().await?,
        };
        Ok(Answer { status, body })
    }

    /// Reads up to the end of the head; what follows stays in the buffer.
    async fn head(&mut self) -> anyhow::Result<(u16, Option<usize>)> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
                self.buffer.drain(..end + 4);
                let status =
                    head.get(9..12).and_then(|code| code.parse().ok()).context("no status line")?;
                let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
                let length = length.and_then(|value| value.trim().parse().ok());
                let is_chunked = head.contains("transfer-encoding: chunked");
                return Ok((status, if is_chunked { None } else { Some(length.unwrap_or(0)) }));
            }
            self.fill().await?;
        }
    }

    async fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = self.buffer.windows(2).position(|two| two == b"\r\n") {
                    break end;
                }
                self.fill().await?;
            };
            let size = String::from_utf8_lossy(&self.buffer[..line]).into_owned();
            let size = usize::from_str_radix(size.trim(), 16).context("a chunk without a size")?;
            while self.buffer.len() < line + 2 + size + 2 {
                self.fill().await?;
            }
            body.extend_from_slice(&self.buffer[line + 2..line + 2 + size]);
            self.buffer.drain(..line + 2 + size + 2);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection broke");
        }
        Ok(())
    }
}
