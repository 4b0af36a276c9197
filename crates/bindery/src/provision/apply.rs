//! Making what a plan declares, in one transaction: all of it or, with a mistake anywhere, nothing.
//!
//! Provisioning is the one writer that may touch several organizations in a transaction: the file is refused
//! as a whole.

mod binders;
mod clients;
mod elements;
mod folders;

use std::sync::Arc;

use bindery_domain::{ObjectName, OrganizationId, Scope, Timestamp};
use bindery_store::journal::{self, Entry};
use bindery_store::organizations::{self, NewOrganization, OrganizationRow};
use bindery_store::{Store, StoreError, Tx};
use serde_json::{Value, json};

use super::plan::{OrganizationPlan, Plan};
use super::tree::{OrganizationTree, Tree};
use super::{Mistake, ProvisionError};

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// The file's tree with every id.
    pub tree: Tree,
    /// One line for each thing made or changed.
    pub changes: Vec<String>,
    /// What the file says in vain.
    pub warnings: Vec<String>,
}

/// Makes what the plan declares. The clock is only asked when something changes.
///
/// # Errors
/// [`ProvisionError::Refused`] with the mistakes that only the database shows; nothing is changed then.
pub async fn apply(store: &Store, plan: Plan, clock: Timestamp) -> Result<Applied, ProvisionError> {
    let plan = Arc::new(plan);
    store
        .write(move |tx| {
            let plan = plan.clone();
            async move { apply_in(&tx, &plan, clock).await }
        })
        .await
}

/// The same within a transaction.
///
/// # Errors
/// As [`apply`].
pub(crate) async fn apply_in(
    tx: &Tx,
    plan: &Plan,
    clock: Timestamp,
) -> Result<Applied, ProvisionError> {
    let mut work = Work { tx, clock, mistakes: Vec::new(), applied: Applied::default() };
    for organization in &plan.organizations {
        if let Some(tree) = work.organization(organization).await? {
            work.applied.tree.organizations.push(tree);
        }
    }
    if work.mistakes.is_empty() {
        return Ok(work.applied);
    }
    work.mistakes.sort();
    Err(ProvisionError::Refused(work.mistakes))
}

/// A run in progress. What cannot be made is noted as a mistake and left out of the tree.
struct Work<'t> {
    tx: &'t Tx,
    clock: Timestamp,
    mistakes: Vec<Mistake>,
    applied: Applied,
}

/// What an entry of the journal is about.
struct Change<'a> {
    verb: &'static str,
    kind: &'static str,
    object: &'a str,
    before: Option<Value>,
    after: Option<Value>,
}

impl Work<'_> {
    async fn organization(
        &mut self,
        plan: &OrganizationPlan,
    ) -> Result<Option<OrganizationTree>, StoreError> {
        let Some(organization) = self.find_or_make(plan).await? else { return Ok(None) };
        let scope = organization.scope();
        let mut tree = OrganizationTree {
            id: organization.id.to_string(),
            name: organization.name,
            clients: None,
            binders: None,
        };
        if let Some(plans) = &plan.clients {
            tree.clients = Some(self.clients(&scope, plans).await?);
        }
        if let Some(plans) = &plan.binders {
            let mut binders = Vec::new();
            for plan in plans {
                binders.extend(self.binder(&scope, plan).await?);
            }
            tree.binders = Some(binders);
        }
        Ok(Some(tree))
    }

    async fn find_or_make(
        &mut self,
        plan: &OrganizationPlan,
    ) -> Result<Option<OrganizationRow>, StoreError> {
        let found = match (plan.id, &plan.name) {
            (Some(id), _) => organizations::find(self.tx, id).await?,
            (None, Some(name)) => {
                let found = organizations::find_by_name(self.tx, name).await?;
                let Ok(found) = self.only_one(plan.line, "organizations", name, found) else {
                    return Ok(None);
                };
                found
            }
            (None, None) => None,
        };
        let Some(mut organization) = found else { return self.new_organization(plan).await };
        if let Some(name) = &plan.name
            && name.as_str() != organization.name
        {
            let scope = organization.scope();
            organizations::rename(self.tx, &scope, name).await?;
            let id = organization.id.to_string();
            let before = Some(json!({ "name": organization.name }));
            let after = Some(json!({ "name": name.as_str() }));
            let change = Change {
                verb: "organization.update",
                kind: "organization",
                object: &id,
                before,
                after,
            };
            self.note(&scope, change).await?;
            name.as_str().clone_into(&mut organization.name);
        }
        Ok(Some(organization))
    }

    async fn new_organization(
        &mut self,
        plan: &OrganizationPlan,
    ) -> Result<Option<OrganizationRow>, StoreError> {
        let Some(name) = self.needs(plan.line, "organization", "name", plan.name.as_ref()) else {
            return Ok(None);
        };
        let id = plan.id.unwrap_or_else(OrganizationId::random);
        let new = NewOrganization { id, name: name.clone(), created: self.clock };
        let key = organizations::insert(self.tx, &new).await?;
        let scope = Scope::own(key);
        let object = id.to_string();
        let after = Some(json!({ "name": name.as_str() }));
        let change = Change {
            verb: "organization.create",
            kind: "organization",
            object: &object,
            before: None,
            after,
        };
        self.note(&scope, change).await?;
        organizations::find(self.tx, id).await
    }

    /// The only one of a name: two of them need an id, and are a mistake.
    fn only_one<T>(
        &mut self,
        line: usize,
        what: &str,
        name: &ObjectName,
        mut found: Vec<T>,
    ) -> Result<Option<T>, Ambiguous> {
        if found.len() > 1 {
            let message = format!(
                "{} {what} are named {:?}: give the id of the one meant",
                found.len(),
                name.as_str()
            );
            self.mistake(line, message);
            return Err(Ambiguous);
        }
        Ok(found.pop())
    }

    /// What a new thing cannot do without.
    fn needs<'p, T>(
        &mut self,
        line: usize,
        what: &str,
        key: &str,
        value: Option<&'p T>,
    ) -> Option<&'p T> {
        if value.is_none() {
            self.mistake(
                line,
                format!("this {what} does not exist yet: a new one needs the key {key}"),
            );
        }
        value
    }

    fn mistake(&mut self, line: usize, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, message));
    }

    /// Writes a change to the journal and to the list that the command prints.
    async fn note(&mut self, scope: &Scope, change: Change<'_>) -> Result<(), StoreError> {
        let Change { verb, kind, object, before, after } = change;
        let name =
            after.as_ref().and_then(|after| after["name"].as_str().or(after["label"].as_str()));
        let name = name.map_or_else(String::new, |name| format!(" ({name})"));
        self.applied.changes.push(format!("{verb} {object}{name}"));
        let at = self.now(scope).await?;
        let entry = Entry {
            at,
            actor: journal::OPERATOR.to_owned(),
            verb: verb.to_owned(),
            object_kind: kind.to_owned(),
            object: object.to_owned(),
            before: before.map(|json| json.to_string()),
            after: after.map(|json| json.to_string()),
        };
        journal::append(self.tx, scope, &entry).await
    }

    /// The time of the next change.
    async fn now(&self, scope: &Scope) -> Result<Timestamp, StoreError> {
        journal::now(self.tx, scope, self.clock).await
    }
}

/// A name that means several things; the mistake is noted.
struct Ambiguous;

#[cfg(test)]
mod tests;
