//! `bindery migrate`: brings the schema of the database up to date.

use anyhow::Context;
use bindery_store::migrate;
use serde_json::json;

use super::{Exit, open, print};
use crate::config::Config;

/// The options of `bindery migrate`.
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Copies an embedded database beside itself and applies what it lacks.
///
/// # Errors
/// When the database is newer than this binary, or a migration fails.
pub async fn run(config: &Config, args: MigrateArgs) -> anyhow::Result<Exit> {
    let place = open::connect(&config.place).await?;
    let copy = migrate::copy_before(&place.store)
        .await
        .context("copying the database before the change")?;
    if let (Some(copy), false) = (&copy, args.json) {
        print(&format!("copied the database to {}", copy.display()))?;
    }
    let applied = migrate::apply(&place.store).await.context("changing the schema")?;
    if args.json {
        print(&json!({ "copy": copy, "applied": applied }).to_string())?;
        return Ok(Exit::Done);
    }
    for title in &applied {
        print(&format!("applied {title}"))?;
    }
    if applied.is_empty() {
        print("the schema is up to date")?;
    }
    Ok(Exit::Done)
}
