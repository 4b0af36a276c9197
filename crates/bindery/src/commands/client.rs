//! `bindery client`: manages API clients.

mod change;

use std::path::PathBuf;

use bindery_domain::{ClientId, ObjectName, Role};
use bindery_store::clients::{self, ClientRow, SecretRow};
use bindery_store::organizations::OrganizationRow;
use bindery_store::{Query, StoreError};
use clap::Subcommand;
use serde::Serialize;

use super::target::{self, Where};
use super::{Exit, open, print, print_json};
use crate::clock::Clock;
use crate::config::Config;
use crate::provision::new_ids;

/// The options of `bindery client`.
#[derive(Debug, clap::Args)]
pub struct ClientArgs {
    #[command(subcommand)]
    verb: ClientVerb,
}

#[derive(Debug, Subcommand)]
enum ClientVerb {
    /// List clients, of all organizations unless one is named
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Make a client; its secret is printed once
    Create {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        secret: SecretFile,
        /// The client's id, which is the `client_id` of OAuth [default: generated]
        #[arg(value_name = "ID")]
        client: Option<ClientId>,
        /// The same as an option
        #[arg(long, value_name = "ID", conflicts_with = "client")]
        id: Option<ClientId>,
        /// The client's name [default: its id]
        #[arg(long, value_parser = ObjectName::parse)]
        name: Option<ObjectName>,
        /// What it may do: reader, creator or admin
        #[arg(long)]
        role: Role,
    },
    /// Refuse a client from now on
    Disable {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        client: One,
    },
    /// Let a client in again
    Enable {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        client: One,
    },
    /// Give a client another secret, printed once; the one before works on until the next rotation
    RotateSecret {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        client: One,
        #[command(flatten)]
        secret: SecretFile,
        /// End the secret before at once, and the tokens that it made
        #[arg(long)]
        end_previous: bool,
    },
    /// Remove a client for good; its id is never used again
    Remove {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        client: One,
    },
}

/// Which client.
#[derive(Debug, clap::Args)]
struct One {
    /// The client's id
    #[arg(value_name = "ID", required_unless_present = "id")]
    client: Option<ClientId>,
    /// The same as an option
    #[arg(long, value_name = "ID", conflicts_with = "client")]
    id: Option<ClientId>,
}

/// A secret that the operator chooses.
#[derive(Debug, clap::Args)]
struct SecretFile {
    /// File that holds the secret; - reads stdin [default: 256 random bits]
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

/// A client as the command shows it.
#[derive(Debug, Serialize)]
struct ClientView {
    id: String,
    name: String,
    role: &'static str,
    organization: String,
    created: String,
    disabled: bool,
    /// Only right after it was generated.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Lists or changes clients.
///
/// # Errors
/// When there is no such organization or client, or the database cannot be used.
pub async fn run(config: &Config, args: ClientArgs) -> anyhow::Result<Exit> {
    let store = open(config).await?.store;
    let now = Clock::system().now();
    let (place, organization, id, secret) = match args.verb {
        ClientVerb::List { place } => {
            let mut views = Vec::new();
            for organization in target::organizations_of(&store, &place).await? {
                let rows = clients::list(&store, &organization.scope()).await?;
                views.extend(rows.into_iter().map(|row| view(row, &organization, None)));
            }
            show(&views, place.json)?;
            return Ok(Exit::Done);
        }
        ClientVerb::Create { place, secret, client, id, name, role } => {
            let organization = target::organization(&store, place.organization).await?;
            let id = client.or(id).unwrap_or_else(new_ids::client_id);
            let name = match name {
                Some(name) => name,
                None => ObjectName::parse(id.as_str())
                    .map_err(|why| anyhow::anyhow!("the name {why}"))?,
            };
            let (secret, shown) = secret.read_or_make()?;
            let new = clients::NewClient { id: id.clone(), name, role, created: now };
            change::create(&store, organization.scope(), new, secret_row(&secret)).await?;
            (place, organization, id, shown)
        }
        ClientVerb::Disable { place, client } => {
            let (organization, id) = client.find(&store, &place).await?;
            change::set_disabled(&store, organization.scope(), id.clone(), true).await?;
            (place, organization, id, None)
        }
        ClientVerb::Enable { place, client } => {
            let (organization, id) = client.find(&store, &place).await?;
            change::set_disabled(&store, organization.scope(), id.clone(), false).await?;
            (place, organization, id, None)
        }
        ClientVerb::RotateSecret { place, client, secret, end_previous } => {
            let (organization, id) = client.find(&store, &place).await?;
            let (secret, shown) = secret.read_or_make()?;
            let row = secret_row(&secret);
            change::rotate_secret(&store, organization.scope(), id.clone(), row, end_previous)
                .await?;
            (place, organization, id, shown)
        }
        ClientVerb::Remove { place, client } => {
            let (organization, id) = client.find(&store, &place).await?;
            let row = change::remove(&store, organization.scope(), id).await?;
            show_one(view(row, &organization, None), place.json, "removed")?;
            return Ok(Exit::Done);
        }
    };
    let row = load(&store, &organization, &id).await?;
    show_one(view(row, &organization, secret), place.json, "")?;
    Ok(Exit::Done)
}

impl One {
    async fn find(
        self,
        store: &bindery_store::Store,
        place: &Where,
    ) -> anyhow::Result<(OrganizationRow, ClientId)> {
        let id =
            self.client.or(self.id).ok_or_else(|| anyhow::anyhow!("the client's id is missing"))?;
        let organization = target::organization_of_client(store, place, &id).await?;
        Ok((organization, id))
    }
}

impl SecretFile {
    /// The secret, and what of it is to be shown: a given one is known already.
    fn read_or_make(&self) -> anyhow::Result<(String, Option<String>)> {
        if let Some(file) = &self.secret_file {
            return Ok((target::read_secret(file)?, None));
        }
        let secret = new_ids::secret();
        Ok((secret.clone(), Some(secret)))
    }
}

/// What is kept of a secret; the journal's clock gives it its time.
fn secret_row(secret: &str) -> SecretRow {
    let digest = new_ids::secret_digest(secret);
    SecretRow { name: new_ids::secret_name(), digest, created: bindery_domain::Timestamp(0) }
}

async fn load(
    db: &impl Query,
    organization: &OrganizationRow,
    id: &ClientId,
) -> anyhow::Result<ClientRow> {
    let row = clients::find(db, &organization.scope(), id).await?;
    row.ok_or_else(|| StoreError::Corrupt(format!("client {id} is gone")).into())
}

fn view(row: ClientRow, organization: &OrganizationRow, secret: Option<String>) -> ClientView {
    ClientView {
        id: row.id.to_string(),
        name: row.name,
        role: row.role.as_str(),
        organization: organization.id.to_string(),
        created: row.created.to_string(),
        disabled: row.disabled_at.is_some(),
        secret,
    }
}

fn show(views: &[ClientView], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&views);
    }
    views.iter().try_for_each(|view| Ok(print(&line(view))?))
}

fn show_one(view: ClientView, json: bool, note: &str) -> anyhow::Result<()> {
    if json {
        return print_json(&view);
    }
    print(format!("{} {note}", line(&view)).trim_end())?;
    if let Some(secret) = &view.secret {
        print(&format!("secret {secret} (shown once)"))?;
    }
    Ok(())
}

fn line(view: &ClientView) -> String {
    let disabled = if view.disabled { ", disabled" } else { "" };
    format!(
        "{} ({}), {}, organization {}{disabled}",
        view.id, view.name, view.role, view.organization
    )
}
