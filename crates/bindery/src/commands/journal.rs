//! `bindery journal`: reads the record of changes.

use super::Exit;
use crate::config::Config;

/// The options of `bindery journal`.
#[derive(Debug, clap::Args)]
pub struct JournalArgs {
    /// Only entries after this number
    #[arg(long, value_name = "SEQ")]
    pub since: Option<i64>,
    /// Only entries about this object
    #[arg(long, value_name = "ID")]
    pub object: Option<String>,
    /// Only entries of this organization
    #[arg(long, value_name = "ID")]
    pub organization: Option<String>,
    /// Print JSON, one object a line
    #[arg(long)]
    pub json: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: JournalArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery journal` yet")
}
