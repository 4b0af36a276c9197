//! What the managing commands have in common: which organization, and the journal's entry.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use bindery_domain::{ClientId, OrganizationId, Scope, Timestamp};
use bindery_store::journal::{self, Entry};
use bindery_store::organizations::{self, OrganizationRow};
use bindery_store::{Store, StoreError, Tx, clients};
use serde_json::Value;

/// Which organization a command works in, and how it answers.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Where {
    /// Id of the organization; may be left out when there is only one
    #[arg(long, value_name = "ID")]
    pub(super) organization: Option<OrganizationId>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// The organization of an id, or the only one.
pub(super) async fn organization(
    store: &Store,
    id: Option<OrganizationId>,
) -> anyhow::Result<OrganizationRow> {
    if let Some(id) = id {
        let found = organizations::find(store, id).await?;
        return found.with_context(|| {
            format!("no organization {id}; `bindery organization list` shows them")
        });
    }
    let mut all = organizations::list(store).await?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => bail!(
            "there is no organization yet; `bindery organization create --name NAME` makes one"
        ),
        (Some(_), false) => bail!(
            "there are {} organizations: say which with --organization ID; `bindery organization list` shows them",
            all.len() + 1
        ),
    }
}

/// The organization of a client: its id says which, unless another is asked for.
pub(super) async fn organization_of_client(
    store: &Store,
    place: &Where,
    client: &ClientId,
) -> anyhow::Result<OrganizationRow> {
    let unknown = || format!("no client {client}; `bindery client list` shows them");
    let owner = clients::owner(store, client).await?.with_context(unknown)?;
    let organization = organizations::load(store, &Scope::own(owner)).await?;
    if place.organization.is_some_and(|id| id != organization.id) {
        bail!(unknown());
    }
    Ok(organization)
}

/// What a change is, for the journal.
pub(super) struct Change<'a> {
    pub(super) verb: &'a str,
    pub(super) kind: &'a str,
    pub(super) object: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// Writes what the operator changed into the journal.
pub(super) async fn note(
    tx: &Tx,
    scope: &Scope,
    at: Timestamp,
    change: Change<'_>,
) -> Result<(), StoreError> {
    let entry = Entry {
        at,
        actor: journal::OPERATOR.to_owned(),
        verb: change.verb.to_owned(),
        object_kind: change.kind.to_owned(),
        object: change.object,
        before: change.before.map(|json| json.to_string()),
        after: change.after.map(|json| json.to_string()),
    };
    journal::append(tx, scope, &entry).await
}

/// Reads a secret from a file, or from stdin for `-`; a line break at its end is not part of it.
pub(super) fn read_secret(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("reading the secret from stdin")?;
    } else {
        text = std::fs::read_to_string(file)
            .with_context(|| format!("reading the secret from {}", file.display()))?;
    }
    let secret = text.trim_end_matches(['\n', '\r']);
    if secret.is_empty() || secret.contains(char::is_control) {
        bail!("{} holds no secret: one line of text is needed", file.display());
    }
    Ok(secret.to_owned())
}

/// All organizations, or the one asked for.
pub(super) async fn organizations_of(
    store: &Store,
    place: &Where,
) -> anyhow::Result<Vec<OrganizationRow>> {
    match place.organization {
        Some(id) => Ok(vec![organization(store, Some(id)).await?]),
        None => Ok(organizations::list(store).await?),
    }
}
