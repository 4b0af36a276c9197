//! `bindery binder`: manages binders.

mod change;

use bindery_domain::{BinderId, ObjectName};
use bindery_store::Store;
use bindery_store::binders::{self, BinderRow};
use bindery_store::organizations::OrganizationRow;
use clap::Subcommand;
use serde::Serialize;

use super::target::{self, Where};
use super::{Exit, open, print, print_json};
use crate::config::Config;
use crate::provision::new_ids;

/// Binders read at once.
const PIECE: i64 = 1000;

/// The options of `bindery binder`.
#[derive(Debug, clap::Args)]
pub struct BinderArgs {
    #[command(subcommand)]
    verb: BinderVerb,
}

#[derive(Debug, Subcommand)]
enum BinderVerb {
    /// List binders, of all organizations unless one is named
    List {
        #[command(flatten)]
        place: Where,
        /// List those in the trash instead
        #[arg(long)]
        trash: bool,
    },
    /// Make an empty binder; a provisioning file makes its metadata, tabs and folders
    Create {
        #[command(flatten)]
        place: Where,
        /// Its name
        #[arg(long, value_parser = ObjectName::parse)]
        name: ObjectName,
        /// What it is for: project, property, enquiry or another word
        #[arg(long = "type", value_name = "TYPE", default_value = "project", value_parser = ObjectName::parse)]
        kind: ObjectName,
        /// Its id, 9 characters of A-Z, a-z, 0-9, _ and - [default: generated]
        #[arg(long, value_name = "ID", allow_hyphen_values = true)]
        id: Option<BinderId>,
    },
    /// Give a binder another name
    Rename {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        binder: One,
        /// The new name
        #[arg(long, value_parser = ObjectName::parse)]
        name: ObjectName,
    },
    /// Put a binder with all in it into the trash
    Remove {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        binder: One,
        /// Remove it for good, whether it is in the trash already or not; this cannot be undone
        #[arg(long)]
        purge: bool,
    },
    /// Bring a binder back from the trash
    Restore {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        binder: One,
    },
}

/// Which binder.
#[derive(Debug, clap::Args)]
struct One {
    /// The binder's id
    #[arg(value_name = "ID", required_unless_present = "id", allow_hyphen_values = true)]
    binder: Option<BinderId>,
    /// The same as an option
    #[arg(long, value_name = "ID", conflicts_with = "binder", allow_hyphen_values = true)]
    id: Option<BinderId>,
}

#[derive(Debug, Serialize)]
struct BinderView {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    organization: String,
    created: String,
    #[serde(rename = "trashedAt", skip_serializing_if = "Option::is_none")]
    trashed_at: Option<String>,
}

/// Lists or changes binders.
///
/// # Errors
/// When there is no such organization or binder, or the database cannot be used.
pub async fn run(config: &Config, args: BinderArgs) -> anyhow::Result<Exit> {
    let store = open(config).await?.store;
    let (place, organization, row) = match args.verb {
        BinderVerb::List { place, trash } => {
            let mut views = Vec::new();
            for organization in target::organizations_of(&store, &place).await? {
                let rows = list(&store, &organization, trash).await?;
                views.extend(rows.into_iter().map(|row| view(row, &organization)));
            }
            if place.json {
                print_json(&views)?;
            } else {
                views.iter().try_for_each(|view| print(&line(view)))?;
            }
            return Ok(Exit::Done);
        }
        BinderVerb::Create { place, name, kind, id } => {
            let organization = target::organization(&store, place.organization).await?;
            let id = id.unwrap_or_else(new_ids::binder_id);
            let row =
                change::create(&store, organization.scope(), id, name, kind.to_string()).await?;
            (place, organization, row)
        }
        BinderVerb::Rename { place, binder, name } => {
            let (organization, id) = binder.find(&store, &place).await?;
            let row = change::rename(&store, organization.scope(), id, name).await?;
            (place, organization, row)
        }
        BinderVerb::Remove { place, binder, purge } => {
            let (organization, id) = binder.find(&store, &place).await?;
            if purge {
                let row = change::purge(&store, organization.scope(), id).await?;
                show(row, &organization, place.json, " removed for good")?;
                return Ok(Exit::Done);
            }
            let row = change::trash(&store, organization.scope(), id).await?;
            (place, organization, row)
        }
        BinderVerb::Restore { place, binder } => {
            let (organization, id) = binder.find(&store, &place).await?;
            let row = change::restore(&store, organization.scope(), id).await?;
            (place, organization, row)
        }
    };
    show(row, &organization, place.json, "")?;
    Ok(Exit::Done)
}

impl One {
    async fn find(
        self,
        store: &Store,
        place: &Where,
    ) -> anyhow::Result<(OrganizationRow, BinderId)> {
        let id =
            self.binder.or(self.id).ok_or_else(|| anyhow::anyhow!("the binder's id is missing"))?;
        Ok((target::organization(store, place.organization).await?, id))
    }
}

async fn list(
    store: &Store,
    organization: &OrganizationRow,
    is_trash: bool,
) -> anyhow::Result<Vec<BinderRow>> {
    let scope = organization.scope();
    if is_trash {
        return Ok(binders::list_trashed(store, &scope).await?);
    }
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let piece = binders::list(store, &scope, after.as_ref(), PIECE).await?;
        rows.extend(piece.rows);
        after = piece.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

fn show(
    row: BinderRow,
    organization: &OrganizationRow,
    json: bool,
    note: &str,
) -> anyhow::Result<()> {
    let view = view(row, organization);
    if json {
        return print_json(&view);
    }
    Ok(print(&format!("{}{note}", line(&view)))?)
}

fn view(row: BinderRow, organization: &OrganizationRow) -> BinderView {
    BinderView {
        id: row.id.to_string(),
        name: row.name,
        kind: row.binder_type,
        organization: organization.id.to_string(),
        created: row.created.to_string(),
        trashed_at: row.trashed_at.map(|at| at.to_string()),
    }
}

fn line(view: &BinderView) -> String {
    let trashed = view.trashed_at.as_ref().map(|at| format!(", in the trash since {at}"));
    let BinderView { id, name, kind, organization, .. } = view;
    format!("{id} ({name}), {kind}, organization {organization}{}", trashed.unwrap_or_default())
}
