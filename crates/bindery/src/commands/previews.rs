//! `bindery previews`: makes previews again, and says how far they are.

mod status;

use bindery_domain::OrganizationId;
use bindery_store::previews::PreviewState;
use clap::Subcommand;
use serde_json::json;

use super::progress::Progress;
use super::target::{self, Where};
use super::{Exit, open, print};
use crate::clock::Clock;
use crate::config::Config;
use crate::previews::{Wanted, queue_all};

/// The options of `bindery previews`.
#[derive(Debug, clap::Args)]
pub struct PreviewsArgs {
    #[command(subcommand)]
    verb: PreviewsVerb,
}

#[derive(Debug, Subcommand)]
enum PreviewsVerb {
    /// Queue previews to be made again; a running server makes them when nothing else is to be done
    Rebuild {
        /// Only those of this organization
        #[arg(long, value_name = "ID")]
        organization: Option<OrganizationId>,
        /// Only those in this state: pending, ready, unsupported, encrypted or failed
        #[arg(long, value_name = "STATE", value_parser = state)]
        state: Option<PreviewState>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say how many previews stand where, and what waits
    Status {
        /// Only those of this organization
        #[arg(long, value_name = "ID")]
        organization: Option<OrganizationId>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

fn state(word: &str) -> Result<PreviewState, String> {
    word.parse().map_err(|()| {
        let words = PreviewState::ALL.map(PreviewState::as_str).join(", ");
        format!("`{word}` is none of {words}")
    })
}

/// Queues previews, or shows where they stand.
///
/// # Errors
/// When there is no such organization, or the database cannot be used.
pub async fn run(config: &Config, args: PreviewsArgs) -> anyhow::Result<Exit> {
    let (organization, state, json) = match args.verb {
        PreviewsVerb::Status { organization, json } => {
            status::show(config, &Where { organization, json }).await?;
            return Ok(Exit::Done);
        }
        PreviewsVerb::Rebuild { organization, state, json } => (organization, state, json),
    };
    let store = open(config).await?.store;
    let (clock, progress) = (Clock::system(), Progress::count("queued"));
    let mut count = 0;
    for organization in target::organizations_of(&store, &Where { organization, json }).await? {
        let wanted = Wanted::All(state);
        let tell = |more| progress.set(count + more);
        let queued = queue_all(&store, organization.scope(), wanted, &clock, tell).await?;
        count += queued;
    }
    progress.finish();
    print(&if json {
        json!({ "queued": count }).to_string()
    } else {
        format!("{count} previews queued; `bindery previews status` shows how far they are")
    })?;
    Ok(Exit::Done)
}
