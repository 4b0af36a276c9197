//! `bindery organization`: manages organizations.

use anyhow::bail;
use bindery_domain::{ObjectName, OrganizationId, Timestamp};
use bindery_store::organizations::{self, NewOrganization, OrganizationRow};
use bindery_store::{Store, StoreError, Tx, journal, usage};
use clap::Subcommand;
use serde::Serialize;
use serde_json::{Value, json};

use super::target::{self, Change, note};
use super::{Exit, open, open_or_make, print, print_json};
use crate::clock::Clock;
use crate::config::Config;

/// The options of `bindery organization`.
#[derive(Debug, clap::Args)]
pub struct OrganizationArgs {
    #[command(subcommand)]
    verb: OrganizationVerb,
}

#[derive(Debug, Subcommand)]
enum OrganizationVerb {
    /// List organizations and what they keep
    List {
        /// Only this organization
        #[arg(long, value_name = "ID")]
        organization: Option<OrganizationId>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make an organization
    Create {
        /// Its name
        #[arg(long, value_parser = ObjectName::parse)]
        name: ObjectName,
        /// Its id, a GUID [default: generated]
        #[arg(long, visible_alias = "organization", value_name = "ID")]
        id: Option<OrganizationId>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an organization another name
    Rename {
        #[command(flatten)]
        one: One,
        /// The new name
        #[arg(long, value_parser = ObjectName::parse)]
        name: ObjectName,
    },
    /// Refuse all clients of an organization from now on; its data stays
    Disable {
        #[command(flatten)]
        one: One,
    },
    /// Let the clients of an organization in again
    Enable {
        #[command(flatten)]
        one: One,
    },
}

/// Which organization.
#[derive(Debug, clap::Args)]
struct One {
    /// The organization's id
    #[arg(value_name = "ID", required_unless_present = "organization")]
    id: Option<OrganizationId>,
    /// The same as an option
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    organization: Option<OrganizationId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct OrganizationView {
    id: String,
    name: String,
    created: String,
    disabled: bool,
    documents: i64,
    versions: i64,
    bytes: i64,
}

/// What `rename`, `disable` and `enable` do.
#[derive(Clone)]
enum Edit {
    Rename(ObjectName),
    SetDisabled(bool),
}

/// Lists or changes organizations.
///
/// # Errors
/// When there is no such organization, or the database cannot be used.
pub async fn run(config: &Config, args: OrganizationArgs) -> anyhow::Result<Exit> {
    let (one, edit) = match args.verb {
        OrganizationVerb::List { organization, json } => {
            let store = open(config).await?.store;
            let place = target::Where { organization, json };
            let mut views = Vec::new();
            for organization in target::organizations_of(&store, &place).await? {
                views.push(view(&store, organization).await?);
            }
            if json {
                print_json(&views)?;
            } else {
                views.iter().try_for_each(|view| print(&line(view)))?;
            }
            return Ok(Exit::Done);
        }
        OrganizationVerb::Create { name, id, json } => {
            let store = open_or_make(config).await?.store;
            let id = id.unwrap_or_else(OrganizationId::random);
            create(&store, id, name).await?;
            show(&store, id, json).await?;
            return Ok(Exit::Done);
        }
        OrganizationVerb::Rename { one, name } => (one, Edit::Rename(name)),
        OrganizationVerb::Disable { one } => (one, Edit::SetDisabled(true)),
        OrganizationVerb::Enable { one } => (one, Edit::SetDisabled(false)),
    };
    let store = open(config).await?.store;
    let organization = target::organization(&store, one.id.or(one.organization)).await?;
    let id = organization.id;
    change(&store, organization, edit).await?;
    show(&store, id, one.json).await?;
    Ok(Exit::Done)
}

async fn create(store: &Store, id: OrganizationId, name: ObjectName) -> anyhow::Result<()> {
    store
        .write(move |tx| {
            let name = name.clone();
            async move {
                if organizations::find(&tx, id).await?.is_some() {
                    bail!("organization {id} exists already");
                }
                let created = Clock::system().now();
                let after = Some(json!({ "name": name.as_str() }));
                let key =
                    organizations::insert(&tx, &NewOrganization { id, name, created }).await?;
                let scope = bindery_domain::Scope::own(key);
                let at = journal::now(&tx, &scope, created).await?;
                let change = Change {
                    verb: "organization.create",
                    kind: "organization",
                    object: id.to_string(),
                    before: None,
                    after,
                };
                Ok(note(&tx, &scope, at, change).await?)
            }
        })
        .await
}

async fn change(
    store: &Store,
    organization: OrganizationRow,
    edit: Edit,
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            let (organization, edit) = (organization.clone(), edit.clone());
            async move {
                let scope = organization.scope();
                let at = journal::now(&tx, &scope, Clock::system().now()).await?;
                let Some((verb, before, after)) = carry_out(&tx, &organization, &edit, at).await?
                else {
                    return Ok(());
                };
                let (before, after) = (Some(before), Some(after));
                let object = organization.id.to_string();
                note(&tx, &scope, at, Change { verb, kind: "organization", object, before, after })
                    .await
            }
        })
        .await
}

/// Makes the change; `None` when there is nothing to change.
async fn carry_out(
    tx: &Tx,
    organization: &OrganizationRow,
    edit: &Edit,
    at: Timestamp,
) -> Result<Option<(&'static str, Value, Value)>, StoreError> {
    let scope = organization.scope();
    match edit {
        Edit::Rename(name) if name.as_str() == organization.name => Ok(None),
        Edit::Rename(name) => {
            organizations::rename(tx, &scope, name).await?;
            let before = json!({ "name": organization.name });
            Ok(Some(("organization.update", before, json!({ "name": name.as_str() }))))
        }
        Edit::SetDisabled(disabled) if *disabled == organization.disabled_at.is_some() => Ok(None),
        Edit::SetDisabled(disabled) => {
            let verb = if *disabled {
                organizations::disable(tx, &scope, at).await?;
                "organization.disable"
            } else {
                organizations::enable(tx, &scope).await?;
                "organization.enable"
            };
            Ok(Some((verb, json!({ "disabled": !disabled }), json!({ "disabled": disabled }))))
        }
    }
}

async fn view(store: &Store, row: OrganizationRow) -> Result<OrganizationView, StoreError> {
    let usage = usage::load(store, &row.scope()).await?;
    Ok(OrganizationView {
        id: row.id.to_string(),
        name: row.name,
        created: row.created.to_string(),
        disabled: row.disabled_at.is_some(),
        documents: usage.documents,
        versions: usage.versions,
        bytes: usage.bytes,
    })
}

async fn show(store: &Store, id: OrganizationId, json: bool) -> anyhow::Result<()> {
    let organization = target::organization(store, Some(id)).await?;
    let view = view(store, organization).await?;
    if json {
        return print_json(&view);
    }
    Ok(print(&line(&view))?)
}

fn line(view: &OrganizationView) -> String {
    let disabled = if view.disabled { ", disabled" } else { "" };
    format!(
        "{} ({}), {} documents, {} versions, {} bytes{disabled}",
        view.id, view.name, view.documents, view.versions, view.bytes
    )
}
