//! `bindery check`: verifies the database against the stored bytes, the journal's chain and the counters.

use super::Exit;
use crate::config::Config;

/// The options of `bindery check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Move orphans aside; never touches anything else
    #[arg(long)]
    pub repair: bool,
    /// Print JSON, one object a line
    #[arg(long)]
    pub json: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: CheckArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery check` yet")
}
