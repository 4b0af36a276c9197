//! The other shape: a node of its own on PostgreSQL, on this machine, with the same demonstration.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

use crate::memory::anonymous_mib;
use crate::report::Report;
use crate::search::Limits;
use crate::server::Server;
use crate::{requests, search, writers};

/// How long searches may take.
const LIMITS: Limits = Limits { usual: (8.0, "8 ms"), large: (25.0, "25 ms"), together: None };

/// Measures single documents, searches, memory, and what the journal and the counters cost writers.
pub(crate) async fn measure(
    program: &Path,
    work: &Path,
    documents: u64,
    report: &mut Report,
) -> anyhow::Result<()> {
    let postgres = Postgres::start(work)?;
    let data_dir = postgres.demonstration(program, work, documents, report)?;
    let server = Server::launch(program, &data_dir, &[], &postgres.environment()).await?;
    requests::documents_against_bare(&server, "PostgreSQL: ", (0.18, "0.18 x"), report).await?;
    let name = format!("PostgreSQL: search at {documents}");
    search::measure(&server, &name, &LIMITS, report).await?;
    let mib = anonymous_mib(&server)?;
    report.judged(
        "PostgreSQL: anonymous memory of a node after all that",
        format!("{mib:.0} MiB"),
        "80 MiB",
        mib < 80.0,
    );
    drop(server);
    writers::measure([&postgres.url("books"), &postgres.url("bare")], report).await
}

/// The database server; ended when dropped.
struct Postgres {
    child: Child,
    url: String,
}

impl Postgres {
    fn start(work: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new("scripts/postgres")
            .arg(work.join("postgres"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("scripts/postgres; run this from the project's folder")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("no database")?.to_owned();
        Ok(Self { child, url })
    }

    fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.url)
    }

    fn environment(&self) -> Vec<(String, String)> {
        vec![("BINDERY_DATABASE_URL".to_owned(), self.url("bench"))]
    }

    /// The demonstration, made unless an earlier run has: its rows are in the database, its files beside it.
    fn demonstration(
        &self,
        program: &Path,
        work: &Path,
        documents: u64,
        report: &mut Report,
    ) -> anyhow::Result<PathBuf> {
        let data_dir = work.join("data-postgres");
        let begun = Instant::now();
        let run = |args: &[&str]| {
            let mut command = Command::new(program);
            command.args(args).arg("--data-dir").arg(&data_dir).envs(self.environment());
            command.stderr(Stdio::inherit()).output()
        };
        if !run(&["migrate"])?.status.success() {
            bail!("bindery migrate failed");
        }
        let made = run(&["demo", "--json", "--documents", &documents.to_string()])?;
        if !made.status.success() {
            bail!(
                "bindery demo failed: an earlier run's database of another size is in {}",
                work.display()
            );
        }
        let took = begun.elapsed();
        // One that was there already is found in a moment.
        if took.as_secs() >= 10 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a million documents are far below 2^52"
            )]
            let rate = documents as f64 / took.as_secs_f64();
            report.told("PostgreSQL: `bindery demo`", format!("{rate:.0} documents/s"));
        }
        std::fs::write(data_dir.with_extension("json"), made.stdout)?;
        Ok(data_dir)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
