//! `bindery provision`: makes what a file declares exist.

use super::Exit;
use crate::config::Config;

/// The options of `bindery provision`.
#[derive(Debug, clap::Args)]
pub struct ProvisionArgs {
    /// Provisioning file in YAML or JSON; - reads stdin
    pub file: std::path::PathBuf,
    /// Print the file's tree with every id filled in
    #[arg(long)]
    pub json: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: ProvisionArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery provision` yet")
}
