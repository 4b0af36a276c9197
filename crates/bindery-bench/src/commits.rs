//! Commits of uploaded files against what the disk can sync.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;
use serde_json::json;

use crate::http::Connection;
use crate::load::Measured;
use crate::report::Report;
use crate::requests::median;
use crate::server::Server;
use crate::transfer;

const CONNECTIONS: usize = 32;
const PER_CONNECTION: usize = 100;
const ROUNDS: usize = 3;

/// Measures both in turn.
pub(crate) async fn measure(
    server: &Server,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let batches = uploads(server, round).await?;
        let syncs = syncs_per_second(work)?;
        let rate = commit_all(server, batches).await?;
        ratios.push(rate / syncs);
        rates.push(rate);
    }
    let (ratio, rate) = (median(ratios.into_iter()), median(rates.into_iter()));
    report.judged(
        "commits, 32 connections, against single-threaded fsyncs",
        format!("{ratio:.2} x ({rate:.0}/s)"),
        "2 x",
        ratio >= 2.0,
    );
    Ok(())
}

/// Uploads small files and makes the requests that commit them, a batch for each connection.
async fn uploads(server: &Server, round: usize) -> anyhow::Result<Vec<Vec<Vec<u8>>>> {
    let path = format!("{}/upload", transfer::target(server)?);
    let metadata = transfer::required(server);
    // Side by side, since every one waits for the disk several times.
    let batch = async |connection: usize| {
        let mut batch = Vec::new();
        for n in 0..PER_CONNECTION {
            let name = format!("bench {round}-{connection}-{n}-{}.txt", uuid::Uuid::new_v4());
            let upload = transfer::put(server, name.len() as u64, name.as_bytes()).await?;
            batch.push(server.post(
                &path,
                &json!({ "fileName": name, "uploadId": upload, "additionalMetadata": metadata }),
            ));
        }
        anyhow::Ok(batch)
    };
    futures_util::future::try_join_all((0..CONNECTIONS).map(batch)).await
}

async fn commit_all(server: &Server, batches: Vec<Vec<Vec<u8>>>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut running = Vec::new();
    for batch in batches {
        let address = server.address.clone();
        running.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut times = Vec::new();
            for request in batch {
                let sent = Instant::now();
                let answer = connection.call(&request).await?;
                if answer.status != 200 {
                    bail!("commit: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
                }
                times.push(sent.elapsed());
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in running {
        times.extend(task.await??);
    }
    Ok(Measured::new(times, begun.elapsed()).per_second())
}

/// Appends 4 KiB and syncs, over and over, for two seconds.
fn syncs_per_second(work: &Path) -> anyhow::Result<f64> {
    let path = work.join("fsync.bin");
    let file = File::create(&path)?;
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all_at(&[7; 4096], u64::from(count) * 4096)?;
        file.sync_all()?;
        count += 1;
    }
    std::fs::remove_file(&path)?;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
