//! Bindery's benchmarks, run by `make bench`: what is measured against what, side by side in one run.
//!
//! `bindery-bench BINDERY WORK_DIR SMALL LARGE` starts the program on two demonstrations of so many documents that lie
//! in `WORK_DIR`, measures, and prints a report in Markdown. Ratios between things measured in one run are what counts.

mod bare;
mod commits;
mod http;
mod load;
mod memory;
mod report;
mod requests;
mod search;
mod server;
mod transfer;

use std::path::PathBuf;

use anyhow::{Context, bail};

use report::Report;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|arg| arg == bare::ARGUMENT) {
        return tokio::runtime::Runtime::new()?.block_on(bare::serve());
    }
    let [_, program, work, small, large] = &args[..] else {
        bail!("usage: bindery-bench BINDERY WORK_DIR SMALL LARGE");
    };
    let (program, work) = (PathBuf::from(program), PathBuf::from(work));
    let counts = [small.parse::<u64>().context("SMALL")?, large.parse::<u64>().context("LARGE")?];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(run(&program, &work, counts))?;
    report.print();
    Ok(())
}

async fn run(
    program: &std::path::Path,
    work: &std::path::Path,
    counts: [u64; 2],
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut p50 = Vec::new();
    for count in counts {
        let server =
            server::Server::start(program, &work.join(format!("data-{count}")), &mut report)
                .await?;
        if count == counts[1] {
            memory::at_rest(&server, &mut report).await?;
            requests::measure(&server, &mut report).await?;
        }
        p50.push(search::measure(&server, count, &mut report).await?);
        if count == counts[1] {
            memory::after_search(&server, &mut report)?;
            transfer::measure(&server, work, &mut report).await?;
            memory::folder_list(&server, &mut report).await?;
            commits::measure(&server, work, &mut report).await?;
        }
    }
    search::growth(&p50[0], &p50[1], &mut report);
    Ok(report)
}
