//! `bindery organization`: manages organizations.

use super::Exit;
use crate::config::Config;

/// The options of `bindery organization`.
#[derive(Debug, clap::Args)]
pub struct OrganizationArgs {
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
pub async fn run(_: &Config, _: OrganizationArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery organization` yet")
}
