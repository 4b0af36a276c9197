//! `bindery binder`: manages binders.

use super::Exit;
use crate::config::Config;

/// The options of `bindery binder`.
#[derive(Debug, clap::Args)]
pub struct BinderArgs {
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
pub async fn run(_: &Config, _: BinderArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery binder` yet")
}
