//! `bindery restore`: brings a copy back into an empty place.

use std::path::PathBuf;

use serde_json::json;

use super::progress::Progress;
use super::{Exit, print};
use crate::config::Config;
use crate::upkeep::restore;

/// The options of `bindery restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder of the copy
    pub dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Copies everything back and says how much that was.
///
/// # Errors
/// When the copy is not whole or damaged, or the data folder is not empty.
pub async fn run(config: &Config, args: RestoreArgs) -> anyhow::Result<Exit> {
    let progress = Progress::bytes("restored");
    let copied =
        restore::restore(&config.place, &args.dir, |copied| progress.set(copied.bytes)).await?;
    progress.finish();
    print(&if args.json {
        let dir = &config.place.data_dir;
        json!({ "dataDir": dir, "blobs": copied.blobs, "bytes": copied.bytes }).to_string()
    } else {
        let (blobs, bytes) = (copied.blobs, copied.bytes);
        format!("restored: the database and {blobs} blobs of {bytes} bytes, every digest verified")
    })?;
    Ok(Exit::Done)
}
