//! Bytes: PUT against `dd` with fsync, GET against nginx with sendfile, memory while large files pass.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::memory::anonymous_mib;
use crate::report::Report;
use crate::requests::median;
use crate::server::Server;

const MIB: u64 = 1 << 20;
const SIZE: u64 = 64 * MIB;
const ROUNDS: usize = 5;

/// Measures all three.
pub(crate) async fn measure(
    server: &Server,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let piece = noise();
    let mut ratios = Vec::new();
    let mut uploaded = String::new();
    for round in 0..ROUNDS {
        let dd = dd(work, round)?;
        let begun = Instant::now();
        uploaded = put(server, SIZE, &piece).await?;
        ratios.push((dd.as_secs_f64() / begun.elapsed().as_secs_f64(), begun.elapsed()));
    }
    let ratio = median(ratios.iter().map(|(ratio, _)| *ratio));
    let speed = median(ratios.iter().map(|(_, took)| 64.0 / took.as_secs_f64()));
    report.judged(
        "PUT 64 MiB, against dd with fsync",
        format!("{ratio:.2} x ({speed:.0} MiB/s)"),
        "0.6 x",
        ratio >= 0.6,
    );

    let link = link(&commit(server, &uploaded, "bench-64.bin").await?)?;
    against_nginx(&link, work, report).await?;
    large(server, &piece, report).await
}

/// Gets an upload URL, PUTs so many bytes, returns the upload's id.
pub(crate) async fn put(server: &Server, size: u64, piece: &[u8]) -> anyhow::Result<String> {
    let presigned = server
        .once(&server.get("/documents/uploads/personalstorage/presignedupload"))
        .await?
        .json()?;
    let url = presigned["presignedUrl"].as_str().context("no URL")?;
    let (host, path) = split(url)?;
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: x\r\nx-ms-blob-type: BlockBlob\r\ncontent-length: {size}\r\n\r\n"
    );
    let answer = Connection::open(host).await?.send(head.as_bytes(), size, piece).await?;
    if answer.status != 201 {
        bail!("PUT: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(presigned["uploadId"].as_str().context("no id")?.to_owned())
}

/// Commits an upload and returns the version.
pub(crate) async fn commit(server: &Server, upload: &str, name: &str) -> anyhow::Result<Value> {
    let path = format!("{}/upload", target(server)?);
    let body =
        json!({ "fileName": name, "uploadId": upload, "additionalMetadata": required(server) });
    server.once(&server.post(&path, &body)).await?.json()
}

fn link(version: &Value) -> anyhow::Result<String> {
    Ok(version["downloadUrl"].as_str().context("no link")?.to_owned())
}

/// The path of the first tab of the first binder.
pub(crate) fn target(server: &Server) -> anyhow::Result<String> {
    let binder = &server.organization()["binders"][0];
    let (id, tab) = (
        binder["id"].as_str().context("no binder")?,
        binder["tabs"][0]["id"].as_str().context("no tab")?,
    );
    Ok(format!("/documents/drives/binders/{id}/{tab}"))
}

/// A value for each element that the binder requires.
pub(crate) fn required(server: &Server) -> Value {
    let elements = server.organization()["binders"][0]["metadata"].as_array().into_iter().flatten();
    let required = elements.filter(|element| element["required"] == true);
    let value = |element: &Value| match element["allowedValues"].get(0) {
        Some(first) => first["id"].clone(),
        None => json!("1"),
    };
    required
        .map(|element| json!({ "metadataElementId": element["id"], "value": value(element) }))
        .collect()
}

async fn against_nginx(link: &str, work: &Path, report: &mut Report) -> anyhow::Result<()> {
    let (host, path) = split(link)?;
    let ours = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes();
    let nginx = Nginx::start(work)?;
    let theirs = b"GET /dd-0.bin HTTP/1.1\r\nhost: x\r\n\r\n".to_vec();
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS * 2 {
        let nginx = get(&nginx.address, &theirs).await?;
        let bindery = get(host, &ours).await?;
        ratios.push((nginx.as_secs_f64() / bindery.as_secs_f64(), bindery));
    }
    let ratio = median(ratios.iter().map(|(ratio, _)| *ratio));
    let speed = median(ratios.iter().map(|(_, took)| 64.0 / took.as_secs_f64()));
    report.judged(
        "GET 64 MiB, against nginx with sendfile",
        format!("{ratio:.2} x ({speed:.0} MiB/s)"),
        "0.7 x",
        ratio >= 0.7,
    );
    Ok(())
}

async fn get(address: &str, request: &[u8]) -> anyhow::Result<Duration> {
    let mut connection = Connection::open(address).await?;
    let begun = Instant::now();
    connection.drain(request).await?;
    Ok(begun.elapsed())
}

/// 2 GiB up and down, and what memory they took meanwhile.
async fn large(server: &Server, piece: &[u8], report: &mut Report) -> anyhow::Result<()> {
    let before = anonymous_mib(server)?;
    let (upload, up) = watched(server, put(server, 2048 * MIB, piece)).await?;
    let link = link(&commit(server, &upload, "bench-2048.bin").await?)?;
    let (host, path) = split(&link)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").into_bytes();
    let download = async { Connection::open(host).await?.drain(&request).await };
    let (_, down) = watched(server, download).await?;
    let grown = up.max(down) - before;
    report.judged(
        "growth during a 2 GiB upload and download",
        format!("{grown:.1} MiB"),
        "40 MiB",
        grown <= 40.0,
    );
    Ok(())
}

async fn watched<T>(
    server: &Server,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<(T, f64)> {
    tokio::pin!(work);
    let mut most = 0.0_f64;
    loop {
        tokio::select! {
            answer = &mut work => return Ok((answer?, most)),
            () = tokio::time::sleep(Duration::from_millis(50)) => most = most.max(anonymous_mib(server)?),
        }
    }
}

/// Writes as many bytes with `dd`, fsync included. Each file stays, as an upload does: one that takes the place of a file just
/// removed takes its pages of memory, too, and on a virtual machine that alone makes it five times as fast.
fn dd(work: &Path, round: usize) -> anyhow::Result<Duration> {
    let source = work.join("noise.bin");
    if !source.exists() {
        std::fs::write(&source, noise().repeat(64))?;
    }
    let target = work.join(format!("dd-{round}.bin"));
    let begun = Instant::now();
    let status = Command::new("dd")
        .arg(format!("if={}", source.display()))
        .arg(format!("of={}", target.display()))
        .args(["bs=1M", "conv=fsync", "status=none"])
        .status()?;
    if !status.success() {
        bail!("dd failed");
    }
    Ok(begun.elapsed())
}

/// One MiB that no compression shortens.
pub(crate) fn noise() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).take(131_072).flatten().collect()
}

/// `http://HOST:PORT/PATH` as `HOST:PORT` and `/PATH`.
fn split(url: &str) -> anyhow::Result<(&str, &str)> {
    let rest = url.strip_prefix("http://").context("a URL without http")?;
    let slash = rest.find('/').context("a URL without a path")?;
    Ok(rest.split_at(slash))
}

/// nginx with sendfile on the working folder; stopped when dropped.
struct Nginx {
    child: Child,
    address: String,
}

impl Nginx {
    fn start(work: &Path) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let root = std::fs::canonicalize(work)?;
        let root = root.display();
        let config = format!(
            "daemon off; pid {root}/nginx.pid; error_log {root}/nginx.log; user root; worker_processes 2; events {{}} \
             http {{ access_log off; sendfile on; tcp_nopush on; server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
        );
        let file = work.join("nginx.conf");
        std::fs::write(&file, config)?;
        let child = Command::new("nginx")
            .arg("-c")
            .arg(std::fs::canonicalize(&file)?)
            .stderr(Stdio::null())
            .spawn();
        let child = child.context("starting nginx")?;
        let address = format!("127.0.0.1:{port}");
        for _ in 0..200 {
            if std::net::TcpStream::connect(&address).is_ok() {
                return Ok(Self { child, address });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("nginx did not start");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
