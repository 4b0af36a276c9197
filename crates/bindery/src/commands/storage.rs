//! `bindery storage`: what an S3 storage needs once.

use anyhow::bail;
use clap::Subcommand;

use super::{Exit, open_blobs, print};
use crate::config::{Config, List, Origin};

/// The options of `bindery storage`.
#[derive(Debug, clap::Args)]
pub struct StorageArgs {
    #[command(subcommand)]
    verb: StorageVerb,
}

#[derive(Debug, Subcommand)]
enum StorageVerb {
    /// Try the storage, let browser pages use its URLs, and let it end what broken uploads leave
    Init {
        /// Pages that may get from and put into the storage themselves, with commas between, or * for all [default: none]
        #[arg(long, value_name = "URL,…")]
        storage_cors_origin: Option<List<Origin>>,
        /// Days after which the storage itself removes what an upload has left [default: 7]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(2..=365))]
        upload_days: Option<i32>,
    },
}

/// Prepares the storage; running it again changes nothing more.
///
/// # Errors
/// When there is no S3 storage, or it refuses.
pub async fn run(config: &Config, args: StorageArgs) -> anyhow::Result<Exit> {
    let blobs = open_blobs(&config.place).await?;
    let Some(s3) = blobs.s3() else {
        bail!("the bytes are in files, which need nothing; --storage names an S3 storage");
    };
    let StorageVerb::Init { storage_cors_origin, upload_days } = args.verb;
    let abilities = s3.abilities().await?;
    let has = |ability: bool| if ability { "yes" } else { "no" };
    print(&format!(
        "the storage works; it checks and shows SHA-256: {}; it knows If-None-Match: {}",
        has(abilities.sha256),
        has(abilities.conditional_put)
    ))?;
    let days = upload_days.unwrap_or(7);
    print(&if s3.set_lifecycle(days).await? {
        format!("what uploads leave ends after {days} days")
    } else {
        "the storage has no rules of its own for old objects: the server's sweeper is all that removes what uploads leave"
            .to_owned()
    })?;
    let origins: Vec<String> = storage_cors_origin
        .map(|origins| origins.0.iter().map(|origin| origin.as_str().to_owned()).collect())
        .unwrap_or_default();
    if !origins.is_empty() {
        if !s3.set_cors(&origins).await? {
            bail!(
                "the storage knows no rules for browser pages; use --upload-access proxied and --download-access proxied for them"
            );
        }
        print(&format!("browser pages of {} may use the storage's URLs", origins.join(", ")))?;
    }
    Ok(Exit::Done)
}
