//! `bindery backup`: writes a consistent copy while the server runs.

use std::path::PathBuf;

use serde_json::json;

use super::progress::Progress;
use super::{Exit, open_patiently, print};
use crate::config::Config;
use crate::upkeep::backup::{self, Content};

/// The options of `bindery backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Folder of the copy; it must be empty or absent
    pub dir: PathBuf,
    /// Copy the database only and list the blobs that it needs in blobs.txt
    #[arg(long)]
    pub no_blobs: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Copies everything and says how much that was.
///
/// # Errors
/// When the folder is not empty, a blob is damaged, or a disk is full.
pub async fn run(config: &Config, args: BackupArgs) -> anyhow::Result<Exit> {
    let place = open_patiently(config).await?;
    let progress = Progress::bytes("copied");
    let content = if args.no_blobs { Content::DatabaseAndList } else { Content::Everything };
    let copied =
        backup::backup(&place, &args.dir, content, |copied| progress.set(copied.bytes)).await?;
    progress.finish();
    let dir = args.dir.display();
    print(&if args.json {
        json!({ "dir": args.dir, "blobs": copied.blobs, "bytes": copied.bytes }).to_string()
    } else if args.no_blobs {
        format!(
            "the database is in {dir}; blobs.txt lists the {} blobs that it needs",
            copied.blobs
        )
    } else {
        format!(
            "the copy is in {dir}: the database and {} blobs of {} bytes, every digest verified",
            copied.blobs, copied.bytes
        )
    })?;
    Ok(Exit::Done)
}
