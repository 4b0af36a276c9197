//! What previews cost: commits with workers running beside them against commits without, and how soon a thumbnail is
//! there.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::load::Measured;
use crate::report::Report;
use crate::requests::median;
use crate::server::Server;
use crate::transfer;

/// A drawing of the demonstration; a comment at its end makes it another file.
const DRAWING: &[u8] = include_bytes!("../../bindery/assets/demo/A-40.1-1100.pdf");
const COMMITS: usize = 400;
const ROUNDS: usize = 5;
/// Documents of the demonstration that both servers begin with.
const DOCUMENTS: &str = "240";

/// Measures both on two servers that differ in nothing else, in turn.
pub(crate) async fn measure(
    program: &Path,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let off = server(program, work, "previews-off", &["--preview-workers", "0"]).await?;
    let on = server(program, work, "previews-on", &[]).await?;
    drained(&on).await?;
    let (mut ratios, mut times) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let without = commits(&off, round).await?;
        let with = commits(&on, round).await?;
        ratios.push(with / without);
        times.push((without, with));
        drained(&on).await?;
    }
    let ratio = median(ratios.into_iter());
    let without = median(times.iter().map(|(without, _)| *without));
    let with = median(times.iter().map(|(_, with)| *with));
    report.judged(
        "commit p50 while previews are made, against none",
        format!("{ratio:.2} x ({with:.2} ms against {without:.2} ms)"),
        "1.1 x",
        ratio <= 1.1,
    );
    let soon = median(first_thumbnails(&on).await?.into_iter());
    report.judged(
        "from the commit of a drawing to its thumbnail, idle server, p50",
        format!("{soon:.0} ms"),
        "500 ms",
        soon <= 500.0,
    );
    Ok(())
}

/// A server on a small demonstration of its own.
async fn server(program: &Path, work: &Path, name: &str, args: &[&str]) -> anyhow::Result<Server> {
    let data_dir = work.join(name);
    let _ = std::fs::remove_dir_all(&data_dir);
    let made = Command::new(program)
        .args(["demo", "--json", "--documents", DOCUMENTS, "--data-dir"])
        .arg(&data_dir)
        .stderr(Stdio::null())
        .output()?;
    if !made.status.success() {
        bail!("making the demonstration {name}: {}", made.status);
    }
    std::fs::write(data_dir.with_extension("json"), made.stdout)?;
    Server::launch(program, &data_dir, args, &[]).await
}

/// Commits drawings one after the other and gives the time in the middle, in milliseconds.
async fn commits(server: &Server, round: usize) -> anyhow::Result<f64> {
    let mut requests = Vec::new();
    for n in 0..COMMITS {
        requests.push(upload(server, &format!("{round}-{n}")).await?);
    }
    let mut connection = Connection::open(&server.address).await?;
    let (begun, mut times) = (Instant::now(), Vec::new());
    for request in requests {
        let sent = Instant::now();
        connection.call(&request).await?.json()?;
        times.push(sent.elapsed());
    }
    Ok(Measured::new(times, begun.elapsed()).percentile(50))
}

/// Uploads a drawing that no other is equal to; returns the request that commits it.
async fn upload(server: &Server, name: &str) -> anyhow::Result<Vec<u8>> {
    let comment = format!("\n% {name} {}", uuid::Uuid::new_v4());
    let bytes = [DRAWING, comment.as_bytes()].concat();
    let upload = transfer::put(server, bytes.len() as u64, &bytes).await?;
    let path = format!("{}/upload", transfer::target(server)?);
    let file_name = format!("preview {}.pdf", comment.trim_start_matches("\n% "));
    let metadata = transfer::required(server);
    let body = json!({ "fileName": file_name, "uploadId": upload, "additionalMetadata": metadata });
    Ok(server.post(&path, &body))
}

/// How long a thumbnail takes after its commit, in milliseconds, when nothing else is to be done.
async fn first_thumbnails(server: &Server) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for n in 0..20 {
        let request = upload(server, &format!("first-{n}")).await?;
        let begun = Instant::now();
        let version = server.once(&request).await?.json()?;
        let text = |member: &str| version[member].as_str().unwrap_or_default().to_owned();
        let path = format!("/documents/{}/versions/{}", text("documentId"), text("id"));
        while server.once(&server.get(&path)).await?.json()?["thumbnailUrl"] == Value::Null {
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("no thumbnail has come");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}

/// Waits until nothing is to be made any more.
async fn drained(server: &Server) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut empty = 0;
    // The queue is counted every five seconds: one count may be older than the last commit.
    while empty < 2 {
        let metrics = server.once(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").await?;
        let metrics = String::from_utf8(metrics.body).context("metrics")?;
        let waiting =
            metrics.lines().find_map(|line| line.strip_prefix("bindery_preview_queue_jobs "));
        empty = if waiting == Some("0") { empty + 1 } else { 0 };
        if begun.elapsed() > Duration::from_secs(300) {
            bail!("{waiting:?} previews are still to be made");
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    Ok(())
}
