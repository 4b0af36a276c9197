//! `bindery check`: verifies the database against the stored bytes, the journal's chain and the counters.

use std::path::Path;

use serde_json::{Value, json};

use super::progress::Progress;
use super::{Exit, open_patiently, print};
use crate::config::Config;
use crate::upkeep::check::{Affected, Finding, Report, check};

/// The options of `bindery check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Move orphans aside, and have pictures made again that are gone; never touches anything else
    #[arg(long)]
    pub repair: bool,
    /// Print JSON, one object a line
    #[arg(long)]
    pub json: bool,
}

/// Checks everything and prints a line for each thing that is not as it should be.
///
/// # Errors
/// When database or storage cannot be read at all, or stdout cannot be written.
pub async fn run(config: &Config, args: CheckArgs) -> anyhow::Result<Exit> {
    let place = open_patiently(config).await?;
    let progress = Progress::bytes("checked");
    let mut findings = Vec::new();
    let report = check(
        &place,
        args.repair,
        |finding| findings.push(finding.clone()),
        |bytes| progress.set(bytes),
    )
    .await?;
    progress.finish();
    for finding in &findings {
        print(&if args.json { as_json(finding).to_string() } else { as_text(finding) })?;
    }
    if args.json {
        print(&summary_json(&report).to_string())?;
    } else {
        print(&summary_text(&report, findings.len()))?;
    }
    Ok(if report.has_damage { Exit::Found } else { Exit::Done })
}

fn as_text(finding: &Finding) -> String {
    match finding {
        Finding::Missing(affected) => affected_text("missing", affected),
        Finding::Damaged(affected) => affected_text("damaged", affected),
        Finding::Orphan { file, size, moved_to } => {
            let moved = moved_to.as_deref().map(|to| format!(", moved to {}", to.display()));
            format!("orphan\t{}\t{size} bytes{}", file.display(), moved.unwrap_or_default())
        }
        Finding::Picture { file, why, is_queued } => {
            let next = if *is_queued { "will be made again" } else { "--repair has it made again" };
            format!("picture\t{}\t{why}; {next}", file.display())
        }
        Finding::Journal { organization, seq, why } => {
            format!("damaged\tjournal of organization {organization}, entry {seq}: {why}")
        }
        Finding::Counter { organization, what } => {
            format!("damaged\tcounters of organization {organization}: {what}")
        }
    }
}

fn affected_text(kind: &str, affected: &Affected) -> String {
    let Affected { version, document, file, why } = affected;
    // A tab or a line break cannot be in a file name: the line stays one line of five fields.
    format!("{kind}\t{version}\t{document}\t{}\t{why}", display(file.as_deref()))
}

fn display(file: Option<&Path>) -> String {
    file.map_or_else(|| "-".to_owned(), |file| file.display().to_string())
}

fn as_json(finding: &Finding) -> Value {
    match finding {
        Finding::Missing(affected) => affected_json("missing", affected),
        Finding::Damaged(affected) => affected_json("damaged", affected),
        Finding::Orphan { file, size, moved_to } => {
            json!({ "kind": "orphan", "file": file, "size": size, "movedTo": moved_to })
        }
        Finding::Picture { file, why, is_queued } => {
            json!({ "kind": "picture", "file": file, "why": why, "queued": is_queued })
        }
        Finding::Journal { organization, seq, why } => {
            json!({ "kind": "journal", "organization": organization.to_string(), "seq": seq, "why": why })
        }
        Finding::Counter { organization, what } => {
            json!({ "kind": "counter", "organization": organization.to_string(), "why": what })
        }
    }
}

fn affected_json(kind: &str, affected: &Affected) -> Value {
    let Affected { version, document, file, why } = affected;
    json!({ "kind": kind, "version": version.to_string(), "document": document, "file": file, "why": why })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn summary_text(report: &Report, findings: usize) -> String {
    let heads = report.heads.iter().map(|(organization, head)| {
        format!(
            "journal of organization {organization}: last number {}, hash {}\n",
            head.seq,
            hex(&head.hash)
        )
    });
    let heads: String = heads.collect();
    let Report { organizations, blobs, bytes, pictures, .. } = report;
    format!(
        "{heads}{organizations} organizations, {blobs} stored files, {bytes} bytes, {pictures} pictures checked; {findings} findings"
    )
}

fn summary_json(report: &Report) -> Value {
    let heads = report.heads.iter().map(|(organization, head)| {
        json!({ "organization": organization.to_string(), "seq": head.seq, "hash": hex(&head.hash) })
    });
    json!({
        "kind": "summary", "organizations": report.organizations, "blobs": report.blobs, "bytes": report.bytes,
        "pictures": report.pictures,
        "damage": report.has_damage, "journals": heads.collect::<Vec<_>>(),
    })
}
