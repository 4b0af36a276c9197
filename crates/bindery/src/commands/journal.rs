//! `bindery journal`: reads the record of changes.

use anyhow::{Context, bail};
use bindery_domain::OrganizationId;
use bindery_store::journal::{self, EntryRow};
use bindery_store::{Store, organizations};
use serde_json::{Value, json};

use super::{Exit, open, print};
use crate::config::Config;
use crate::jobs::seal_journal::seal_now;

/// Entries read at once.
const CHUNK: i64 = 1_000;

/// The options of `bindery journal`.
#[derive(Debug, clap::Args)]
pub struct JournalArgs {
    /// Only entries after this number
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    pub since: i64,
    /// Only entries about this object
    #[arg(long, value_name = "ID")]
    pub object: Option<String>,
    /// Only entries of this organization
    #[arg(long, value_name = "ID")]
    pub organization: Option<OrganizationId>,
    /// Print JSON, one object a line
    #[arg(long)]
    pub json: bool,
}

/// Prints the entries in each organization's order.
///
/// # Errors
/// When the organization does not exist, or the database cannot be read.
pub async fn run(config: &Config, args: JournalArgs) -> anyhow::Result<Exit> {
    let store = open(config).await?.store;
    seal_now(&store).await.context("numbering the latest entries")?;
    for organization in chosen(&store, args.organization).await? {
        let scope = organization.scope();
        let mut since = args.since;
        loop {
            let rows = journal::read(&store, &scope, since, args.object.as_deref(), CHUNK).await?;
            let Some(last) = rows.last() else { break };
            since = last.seq;
            for row in &rows {
                print(&if args.json {
                    as_json(organization.id, row)?
                } else {
                    as_text(organization.id, row)
                })?;
            }
        }
    }
    Ok(Exit::Done)
}

async fn chosen(
    store: &Store,
    id: Option<OrganizationId>,
) -> anyhow::Result<Vec<organizations::OrganizationRow>> {
    let Some(id) = id else { return Ok(organizations::list(store).await?) };
    match organizations::find(store, id).await? {
        Some(organization) => Ok(vec![organization]),
        None => bail!("no organization {id}; `bindery organization list` shows them"),
    }
}

fn as_json(organization: OrganizationId, row: &EntryRow) -> anyhow::Result<String> {
    let value = |text: &Option<String>| match text {
        Some(text) => serde_json::from_str(text).context("an entry of the journal is no JSON"),
        None => Ok(Value::Null),
    };
    let entry = &row.entry;
    let line = json!({
        "seq": row.seq, "at": entry.at.to_string(), "organization": organization.to_string(), "actor": entry.actor,
        "verb": entry.verb, "object": entry.object, "objectKind": entry.object_kind,
        "before": value(&entry.before)?, "after": value(&entry.after)?,
    });
    Ok(line.to_string())
}

fn as_text(organization: OrganizationId, row: &EntryRow) -> String {
    let entry = &row.entry;
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{}\t{}\t{organization}\t{}\t{}\t{} {}\t{} -> {}",
        row.seq,
        entry.at,
        entry.actor,
        entry.verb,
        entry.object_kind,
        entry.object,
        side(&entry.before),
        side(&entry.after)
    )
}
