//! `bindery demo`: makes the demonstration organization.

use super::Exit;
use crate::config::Config;

/// Name of the server value that says that there is a demonstration organization: `serve` then keeps to this machine.
pub const MARK: &str = "demo";

/// The options of `bindery demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// How many documents it has [default: as the demonstration itself]
    #[arg(long, value_name = "N")]
    pub documents: Option<u32>,
    /// Print the tree with every id, secrets included
    #[arg(long)]
    pub json: bool,
}

/// Not part of this build yet.
///
/// # Errors
/// Always.
pub async fn run(_: &Config, _: DemoArgs) -> anyhow::Result<Exit> {
    anyhow::bail!("this build has no `bindery demo` yet")
}
