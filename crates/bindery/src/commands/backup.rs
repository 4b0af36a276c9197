//! `bindery backup`: writes a consistent copy while the server runs.

use super::Exit;
use crate::config::Config;

/// The options of `bindery backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Folder of the copy; it must be empty or absent
    pub dir: std::path::PathBuf,
    /// Only list the blobs that the copy needs
    #[arg(long)]
    pub no_blobs: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: BackupArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery backup` yet")
}
