//! The commands, one file each.

pub mod backup;
pub mod binder;
pub mod check;
pub mod client;
pub mod demo;
pub mod journal;
pub mod keys;
pub mod migrate;
mod open;
pub mod openapi;
pub mod organization;
mod output;
pub mod previews;
mod progress;
pub mod provision;
pub mod restore;
pub mod serve;
pub mod storage;
mod target;

use clap::Subcommand;

use crate::config::{Config, ServeOptions};
pub(crate) use open::{
    Place, open, open_blobs, open_or_make, open_patiently, open_store_patiently,
};
pub(crate) use output::{print, print_json};

/// How a command ends that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked: 0.
    Done,
    /// It did, and what it found is bad news: 1, without a further message.
    Found,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server until SIGTERM or SIGINT
    Serve(Box<ServeOptions>),
    /// Make what a file declares exist: organizations, clients, binders, metadata, tabs, folders
    Provision(provision::ProvisionArgs),
    /// Make the demonstration organization, with real documents
    Demo(demo::DemoArgs),
    /// Print the OpenAPI document that the server serves
    Openapi(openapi::OpenapiArgs),
    /// Manage API clients
    Client(client::ClientArgs),
    /// Manage organizations
    Organization(organization::OrganizationArgs),
    /// Manage binders
    Binder(binder::BinderArgs),
    /// Manage the keys that sign tokens
    Keys(keys::KeysArgs),
    /// Read the record of changes
    Journal(journal::JournalArgs),
    /// Verify the database against the stored bytes, the journal's chain and the counters
    Check(check::CheckArgs),
    /// Make previews again, or say how far they are
    Previews(previews::PreviewsArgs),
    /// Write a consistent copy of rows and bytes while the server runs
    Backup(backup::BackupArgs),
    /// Bring a copy back into an empty place
    Restore(restore::RestoreArgs),
    /// Bring the schema of the database up to date
    Migrate(migrate::MigrateArgs),
    /// Prepare an S3 storage
    Storage(storage::StorageArgs),
    /// Render one file for a preview; the server starts it in a locked-down process and nobody else does
    #[command(hide = true)]
    Worker,
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// With a cause that fits one line and says what to do.
    pub async fn run(self, config: Config) -> anyhow::Result<Exit> {
        match self {
            Self::Serve(_) => serve::run(config).await,
            Self::Provision(args) => provision::run(&config, args).await,
            Self::Demo(args) => demo::run(&config, args).await,
            Self::Openapi(args) => openapi::run(&config, &args),
            Self::Client(args) => client::run(&config, args).await,
            Self::Organization(args) => organization::run(&config, args).await,
            Self::Binder(args) => binder::run(&config, args).await,
            Self::Keys(args) => keys::run(&config, args).await,
            Self::Journal(args) => journal::run(&config, args).await,
            Self::Check(args) => check::run(&config, args).await,
            Self::Previews(args) => previews::run(&config, args).await,
            Self::Backup(args) => backup::run(&config, args).await,
            Self::Restore(args) => restore::run(&config, args).await,
            Self::Migrate(args) => migrate::run(&config, args).await,
            Self::Storage(args) => storage::run(&config, args).await,
            // Alone on the command line it never comes here: see `cli::main`.
            Self::Worker => anyhow::bail!("bindery worker takes no options: the server starts it"),
        }
    }
}
