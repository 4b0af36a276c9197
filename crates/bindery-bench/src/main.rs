//! Bindery's benchmarks, run by `make bench`: what is measured against what, side by side in one run.
//!
//! `bindery-bench BINDERY WORK_DIR SMALL LARGE [PART…]` starts the program on two demonstrations of so many documents
//! that lie in `WORK_DIR`, measures, and prints a report in Markdown. Ratios between things measured in one run are what
//! counts. Parts are those of [`PARTS`]; without any, all are measured.

mod bare;
mod commits;
mod commits_beside_previews;
mod http;
mod load;
mod memory;
mod previews;
mod report;
mod requests;
mod scale_out;
mod search;
mod server;
mod storage;
mod transfer;
mod writers;

use std::path::PathBuf;

use anyhow::{Context, bail};

use report::Report;

const PARTS: [&str; 8] =
    ["previews", "memory", "requests", "search", "transfer", "commits", "storage", "scale-out"];

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|arg| arg == bare::ARGUMENT) {
        return tokio::runtime::Runtime::new()?.block_on(bare::serve());
    }
    let [_, program, work, small, large, parts @ ..] = &args[..] else {
        bail!("usage: bindery-bench BINDERY WORK_DIR SMALL LARGE [PART…]");
    };
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("there is no part {unknown}: {}", PARTS.join(", "));
    }
    let (program, work) = (PathBuf::from(program), PathBuf::from(work));
    let counts = [small.parse::<u64>().context("SMALL")?, large.parse::<u64>().context("LARGE")?];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(run(&program, &work, counts, parts))?;
    report.print();
    Ok(())
}

async fn run(
    program: &std::path::Path,
    work: &std::path::Path,
    counts: [u64; 2],
    parts: &[String],
) -> anyhow::Result<Report> {
    let is_wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    let mut report = Report::default();
    if is_wanted("previews") {
        previews::measure(program, work, &mut report).await?;
    }
    if parts == ["previews"] {
        return Ok(report);
    }
    let mut small = None;
    for count in counts {
        let is_large = count == counts[1];
        let of_large = ["memory", "requests", "transfer", "commits"].into_iter().any(is_wanted);
        if !(is_wanted("search") || is_large && of_large) {
            continue;
        }
        let server =
            server::Server::start(program, &work.join(format!("data-{count}")), &mut report)
                .await?;
        if is_large && is_wanted("memory") {
            memory::at_rest(&server, &mut report).await?;
        }
        if is_large && is_wanted("requests") {
            requests::measure(&server, &mut report).await?;
        }
        if is_wanted("search") {
            let name = format!("search at {count}");
            search::measure(&server, &name, &search::EMBEDDED, &mut report).await?;
        }
        if !is_large {
            // It stays, idle, to be asked in turn with the large one.
            small = Some(server);
            continue;
        }
        if let Some(small) = &small
            && is_wanted("search")
        {
            search::growth(small, &server, &mut report).await?;
        }
        if is_wanted("memory") {
            memory::after_search(&server, &mut report)?;
        }
        if is_wanted("transfer") {
            transfer::measure(&server, work, &mut report).await?;
        }
        if is_wanted("memory") {
            memory::folder_list(&server, &mut report).await?;
        }
        if is_wanted("commits") {
            commits::measure(&server, work, &mut report).await?;
        }
    }
    drop(small);
    if is_wanted("storage") {
        storage::measure(program, work, &mut report).await?;
    }
    if is_wanted("scale-out") {
        scale_out::measure(program, work, counts[1], &mut report).await?;
    }
    if is_wanted("commits") {
        commits_beside_previews::measure(program, work, &mut report).await?;
    }
    Ok(report)
}
