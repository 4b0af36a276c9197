//! Bytes in S3: a PUT through the server against `aws s3 cp` to the same storage, and what signing a URL costs.
//!
//! The storage is Ceph's gateway on this machine, with its data in memory.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::report::Report;
use crate::requests::median;
use crate::server::Server;
use crate::transfer::{commit, noise, put};

const SIZE: u64 = 64 << 20;
const ROUNDS: usize = 5;
/// Calls whose CPU time is compared.
const CALLS: u32 = 3_000;
/// The kernel counts CPU time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Measures both.
pub(crate) async fn measure(
    program: &Path,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let storage = Storage::start(work)?;
    let data_dir = storage.demonstration(program, work)?;
    let server = Server::start_with(program, &data_dir, &storage.environment(), report).await?;
    against_aws(&server, &storage, work, report).await?;
    let signed = link_cost(&server).await?;
    drop(server);
    let proxied = [("BINDERY_DOWNLOAD_ACCESS".to_owned(), "proxied".to_owned())];
    let environment = [storage.environment(), proxied.to_vec()].concat();
    let server = Server::start_with(program, &data_dir, &environment, report).await?;
    let own = link_cost(&server).await?;
    let cost = signed.saturating_sub(own);
    report.judged(
        "CPU of a presigned URL of the storage, beyond one of our own",
        format!("{} µs", cost.as_micros()),
        "100 µs",
        cost < Duration::from_micros(100),
    );
    Ok(())
}

async fn against_aws(
    server: &Server,
    storage: &Storage,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let piece = noise();
    let (large, small) = (work.join("noise-64.bin"), work.join("noise-0.bin"));
    std::fs::write(&large, piece.repeat(64))?;
    std::fs::write(&small, b"")?;
    let (mut ratios, mut net) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // What the tool needs to start is told apart: it is not the way of the bytes.
        let start = storage.aws_copies(&small)?;
        let aws = storage.aws_copies(&large)?;
        let begun = Instant::now();
        put(server, SIZE, &piece).await?;
        let ours = begun.elapsed();
        ratios.push((aws.as_secs_f64() / ours.as_secs_f64(), ours));
        net.push(aws.saturating_sub(start).as_secs_f64() / ours.as_secs_f64());
    }
    let ratio = median(ratios.iter().map(|(ratio, _)| *ratio));
    let speed = median(ratios.iter().map(|(_, took)| 64.0 / took.as_secs_f64()));
    let net = median(net.into_iter());
    report.judged(
        "PUT 64 MiB through the server into S3, against aws s3 cp",
        format!("{ratio:.2} x ({speed:.0} MiB/s; {net:.2} x without the start of aws)"),
        "0.7 x",
        ratio >= 0.7,
    );
    Ok(())
}

/// The CPU time of a call that answers a URL.
async fn link_cost(server: &Server) -> anyhow::Result<Duration> {
    let upload = put(server, 1 << 20, &noise()).await?;
    let version = commit(server, &upload, "bench-link.bin").await?;
    let id = |name: &str| version[name].as_str().context("no id").map(str::to_owned);
    let path = format!("/documents/{}/versions/{}/raw", id("documentId")?, id("id")?);
    let request = server.get(&path);
    let mut connection = crate::http::Connection::open(&server.address).await?;
    for _ in 0..CALLS / 10 {
        connection.call(&request).await?;
    }
    let before = cpu_time(server.pid())?;
    for _ in 0..CALLS {
        let answer = connection.call(&request).await?;
        if answer.status != 200 {
            bail!("raw: {}", answer.status);
        }
    }
    Ok((cpu_time(server.pid())? - before) / CALLS)
}

/// User and system time of a process.
fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit(')').next().context("no fields")?.split_whitespace();
    let ticks: u32 = fields.skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    Ok(TICK * ticks)
}

/// Ceph's gateway; ended when dropped.
struct Storage {
    child: Child,
    endpoint: String,
}

impl Storage {
    fn start(work: &Path) -> anyhow::Result<Self> {
        let folder = work.join("radosgw");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let mut child = Command::new("scripts/radosgw")
            .arg(std::fs::canonicalize(&folder)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("scripts/radosgw; run this from the project's folder")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let endpoint = line.trim().strip_prefix("listening on ").context("no storage")?;
        Ok(Self { endpoint: endpoint.to_owned(), child })
    }

    fn environment(&self) -> Vec<(String, String)> {
        let place = format!(
            "s3://bindery/bench?endpoint={}&region=us-east-1&path-style=true",
            self.endpoint
        );
        [
            ("BINDERY_STORAGE", place.as_str()),
            ("AWS_ACCESS_KEY_ID", "BINDERYKEY0001"),
            ("AWS_SECRET_ACCESS_KEY", "bindery-secret-0001"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// A small demonstration with its bytes in the storage.
    fn demonstration(&self, program: &Path, work: &Path) -> anyhow::Result<PathBuf> {
        let data_dir = work.join("data-s3");
        let _ = std::fs::remove_dir_all(&data_dir);
        let made = Command::new(program)
            .args(["demo", "--documents", "100", "--json", "--data-dir"])
            .arg(&data_dir)
            .envs(self.environment())
            .output()?;
        if !made.status.success() {
            bail!("bindery demo: {}", String::from_utf8_lossy(&made.stderr));
        }
        std::fs::write(data_dir.with_extension("json"), made.stdout)?;
        Ok(data_dir)
    }

    fn aws_copies(&self, file: &Path) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let status = Command::new("aws")
            .args(["--endpoint-url", &self.endpoint, "--region", "us-east-1", "s3", "cp"])
            .arg("--only-show-errors")
            .arg(file)
            .arg("s3://bindery/cp.bin")
            .envs(self.environment())
            .status()
            .context("aws; scripts/needs bench installs it")?;
        if !status.success() {
            bail!("aws s3 cp failed");
        }
        Ok(begun.elapsed())
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
