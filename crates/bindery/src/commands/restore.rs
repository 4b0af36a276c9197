//! `bindery restore`: brings a copy back into an empty place.

use super::Exit;
use crate::config::Config;

/// The options of `bindery restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder of the copy
    pub dir: std::path::PathBuf,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: RestoreArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery restore` yet")
}
