//! `bindery provision`: makes what a file declares exist.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::{Exit, open_or_make, print, print_json};
use crate::clock::Clock;
use crate::config::Config;
use crate::provision::{self, Mistake};

/// A file larger than this is none that a person or a script would provision with.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The options of `bindery provision`.
#[derive(Debug, clap::Args)]
pub struct ProvisionArgs {
    /// Provisioning file in YAML or JSON; - reads stdin
    pub file: PathBuf,
    /// Print the file's tree with every id filled in
    #[arg(long)]
    pub json: bool,
}

/// Makes what the file declares exist, all or nothing.
///
/// # Errors
/// When the file cannot be read or has mistakes, each with its line; then nothing is changed.
pub async fn run(config: &Config, args: ProvisionArgs) -> anyhow::Result<Exit> {
    let text = read(&args.file)?;
    let plan = provision::parse(&text).map_err(|mistakes| refusal(&args.file, &mistakes))?;
    let store = open_or_make(config).await?.store;
    let applied = provision::apply(&store, plan, Clock::system().now()).await;
    store.close().await?;
    let applied = applied.map_err(|error| match error {
        provision::ProvisionError::Refused(mistakes) => refusal(&args.file, &mistakes),
        provision::ProvisionError::Store(error) => anyhow!(error).context("nothing was changed"),
    })?;
    for warning in &applied.warnings {
        tracing::warn!("{warning}");
    }
    if args.json {
        print_json(&applied.tree)?;
    } else if applied.changes.is_empty() {
        print("nothing to change")?;
    } else {
        for change in &applied.changes {
            print(change)?;
        }
    }
    Ok(Exit::Done)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let is_stdin = file.as_os_str() == "-";
    let input: Box<dyn Read> = if is_stdin {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(
            std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?,
        )
    };
    let mut bytes = Vec::new();
    input
        .take(MAX_FILE_BYTES)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", file.display()))?;
    String::from_utf8(bytes).map_err(|_| anyhow!("{} is not UTF-8", file.display()))
}

/// Every mistake with its place, as compilers write it.
fn refusal(file: &Path, mistakes: &[Mistake]) -> anyhow::Error {
    let name =
        if file.as_os_str() == "-" { "stdin".to_owned() } else { file.display().to_string() };
    let lines: Vec<_> = mistakes.iter().map(|wrong| format!("{name}:{wrong}")).collect();
    anyhow!("{}; nothing was changed", lines.join("; "))
}
