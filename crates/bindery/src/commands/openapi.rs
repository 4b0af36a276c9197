//! `bindery openapi`: prints the OpenAPI document that the server serves.

use anyhow::Context;

use super::{Exit, print};
use crate::config::{BaseUrl, Config};
use crate::router;

/// The options of `bindery openapi`.
#[derive(Debug, clap::Args)]
pub struct OpenapiArgs {
    /// Address of the server that the document names [default: the usual listen address]
    #[arg(long, value_name = "URL")]
    public_url: Option<BaseUrl>,
}

/// Prints the document.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(config: &Config, args: &OpenapiArgs) -> anyhow::Result<Exit> {
    let url = args.public_url.as_ref().map_or(config.server.public_url.as_str(), BaseUrl::as_str);
    print(&router::document(url).to_pretty_json().context("writing the document")?)?;
    Ok(Exit::Done)
}
