//! `bindery demo`: makes the demonstration organization.

use super::{Exit, Place, open_or_make, open_store_patiently, print, print_json};
use crate::config::Config;
use crate::demo;

pub use crate::demo::MARK;

/// The options of `bindery demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// How many documents it has, from 1 to 2000000 [default: 240]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=demo::MAX_DOCUMENTS))]
    pub documents: Option<u64>,
    /// Print the tree with every id, secrets included
    #[arg(long)]
    pub json: bool,
}

/// Makes the demonstration unless it is there, and shows how to get in.
///
/// # Errors
/// When there is one of another size, or database or storage cannot be used.
pub async fn run(config: &Config, args: DemoArgs) -> anyhow::Result<Exit> {
    let Place { store, blobs } = open_or_make(config).await?;
    store.close().await?;
    // Indexes over millions of rows are one statement each.
    let store = open_store_patiently(&config.place.store_settings()).await?;
    let documents = match args.documents {
        Some(documents) => documents,
        None => demo::find_size(&store).await?.unwrap_or(demo::DEFAULT_DOCUMENTS),
    };
    let tree = demo::make(&store, &blobs, documents, true).await;
    store.close().await?;
    let tree = tree?;
    if args.json {
        print_json(&tree)?;
        return Ok(Exit::Done);
    }
    for organization in &tree.organizations {
        print(&format!(
            "organization {} ({}), {documents} documents",
            organization.id, organization.name
        ))?;
        for client in organization.clients.iter().flatten() {
            let secret = client.secret.as_deref().unwrap_or_default();
            print(&format!("client {} ({}), secret {secret}", client.id, client.role))?;
        }
        for binder in organization.binders.iter().flatten() {
            print(&format!("binder {} ({}, {})", binder.id, binder.kind, binder.name))?;
        }
    }
    Ok(Exit::Done)
}
