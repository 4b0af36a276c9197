//! `bindery client`: manages API clients.

use super::Exit;
use crate::config::Config;

/// The options of `bindery client`.
#[derive(Debug, clap::Args)]
pub struct ClientArgs {
    /// What to do
    pub verb: String,
    /// Id of the organization
    #[arg(long, value_name = "ID")]
    pub organization: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: ClientArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery client` yet")
}
