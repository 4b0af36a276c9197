//! `bindery provision`: makes what a file declares exist.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::{Exit, open_or_make, print, print_json};
use crate::clock::Clock;
use crate::config::Config;
use crate::provision::{self, Applied, Mistake, ProvisionError};

/// What is read of a file; the parser refuses as much.
const MAX_BYTES: u64 = 64 << 20;
/// Most mistakes that are told at once.
const MOST: usize = 50;

/// The options of `bindery provision`.
#[derive(Debug, clap::Args)]
pub struct ProvisionArgs {
    /// Provisioning file in YAML or JSON; - reads stdin
    pub file: std::path::PathBuf,
    /// Print the file's tree with every id filled in; a secret only in the run that made the client
    #[arg(long)]
    pub json: bool,
}

/// Makes what the file declares. Mistakes in it are told with their lines, and nothing is changed.
///
/// # Errors
/// When the file cannot be read or the database cannot be used.
pub async fn run(config: &Config, args: ProvisionArgs) -> anyhow::Result<Exit> {
    let text = read(&args.file)?;
    let plan = match provision::parse(&text) {
        Ok(plan) => plan,
        Err(mistakes) => return Ok(refuse(&args.file, &mistakes)),
    };
    let store = open_or_make(config).await?.store;
    let applied = provision::apply(&store, plan, Clock::system().now()).await;
    store.close().await?;
    match applied {
        Ok(applied) => tell(&applied, args.json)?,
        Err(ProvisionError::Refused(mistakes)) => return Ok(refuse(&args.file, &mistakes)),
        Err(ProvisionError::Store(error)) => return Err(error).context("nothing was changed"),
    }
    Ok(Exit::Done)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let mut bytes = Vec::new();
    input
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", file.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", file.display()))
}

#[expect(
    clippy::print_stderr,
    reason = "mistakes go to stderr as FILE:LINE: message, whatever the log's form"
)]
fn refuse(file: &Path, mistakes: &[Mistake]) -> Exit {
    for mistake in mistakes.iter().take(MOST) {
        eprintln!("{}:{mistake}", file.display());
    }
    if mistakes.len() > MOST {
        eprintln!("and {} more mistakes", mistakes.len() - MOST);
    }
    Exit::Found
}

fn tell(applied: &Applied, json: bool) -> anyhow::Result<()> {
    for warning in &applied.warnings {
        tracing::warn!("{warning}");
    }
    if json {
        return print_json(&applied.tree);
    }
    for change in &applied.changes {
        print(change)?;
    }
    if applied.changes.is_empty() {
        print("nothing to change")?;
    }
    let clients = applied.tree.organizations.iter().flat_map(|organization| {
        organization.clients.iter().flatten().map(move |client| (organization, client))
    });
    for (organization, client) in clients {
        if let Some(secret) = &client.secret {
            print(&format!(
                "client {} of organization {}: secret {secret} (shown once)",
                client.id, organization.id
            ))?;
        }
    }
    Ok(())
}
