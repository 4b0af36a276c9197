//! `bindery keys`: the keys that sign tokens.

use clap::Subcommand;

use super::{Exit, open, print, print_json};
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::SigningAlgorithm;
use crate::identity::keys::{self, KeyDescription, Previous};

/// The options of `bindery keys`.
#[derive(Debug, clap::Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    verb: KeysVerb,
}

#[derive(Debug, Subcommand)]
enum KeysVerb {
    /// List the keys that sign, will sign or still verify
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new key: published at once, it signs as soon as every node has it; older keys verify their tokens until these expire
    Rotate {
        /// How the new key signs: ES256 or RS256 [default: as the latest key]
        #[arg(long, value_name = "ALGORITHM")]
        signing_algorithm: Option<SigningAlgorithm>,
        /// End all older keys and every token that lives, within a second: for a key that has leaked
        #[arg(long)]
        end_previous: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Lists or rotates the keys.
///
/// # Errors
/// When the database cannot be used.
pub async fn run(config: &Config, args: KeysArgs) -> anyhow::Result<Exit> {
    let place = open(config).await?;
    let now = Clock::system().now();
    match args.verb {
        KeysVerb::List { json } => show(&keys::list(&place.store, now).await?, json)?,
        KeysVerb::Rotate { signing_algorithm, end_previous, json } => {
            let previous = if end_previous { Previous::End } else { Previous::VerifyOn };
            show(&[keys::rotate(&place.store, signing_algorithm, previous, now).await?], json)?;
        }
    }
    Ok(Exit::Done)
}

fn show(keys: &[KeyDescription], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&keys);
    }
    for key in keys {
        let until = key
            .verifies_until
            .as_deref()
            .map(|until| format!(", verifies until {until}"))
            .unwrap_or_default();
        let state = format!("{:?}", key.state).to_lowercase();
        print(&format!(
            "{} {} {state}, made {}, signs from {}{until}",
            key.kid, key.algorithm, key.created, key.signs_from
        ))?;
    }
    Ok(())
}
