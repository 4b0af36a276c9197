//! Binders.

use bindery_domain::{ObjectName, Scope};
use bindery_store::StoreError;
use bindery_store::binders::{self, BinderRow, NewBinder};
use serde_json::json;

use super::{Change, Work};
use crate::provision::new_ids;
use crate::provision::plan::BinderPlan;
use crate::provision::tree::BinderTree;

/// The type of a binder whose file names none.
const DEFAULT_TYPE: &str = "project";

impl Work<'_> {
    pub(super) async fn binder(
        &mut self,
        scope: &Scope,
        plan: &BinderPlan,
    ) -> Result<Option<BinderTree>, StoreError> {
        let found = match (&plan.id, &plan.name) {
            (Some(id), _) => {
                if binders::find_trashed(self.tx, scope, id).await?.is_some() {
                    let message = format!(
                        "binder {id} is in the trash: bring it back with `bindery binder restore` first"
                    );
                    self.mistake(plan.line, message);
                    return Ok(None);
                }
                binders::find(self.tx, scope, id).await?
            }
            (None, Some(name)) => {
                let found = binders::find_by_name(self.tx, scope, name).await?;
                let Ok(found) = self.only_one(plan.line, "binders", name, found) else {
                    return Ok(None);
                };
                found
            }
            (None, None) => None,
        };
        let binder = match found {
            Some(binder) => self.update_binder(scope, plan, binder).await?,
            None => match self.new_binder(scope, plan).await? {
                Some(binder) => binder,
                None => return Ok(None),
            },
        };
        let mut tree = BinderTree {
            id: binder.id.to_string(),
            name: binder.name.clone(),
            kind: binder.binder_type.clone(),
            metadata: None,
            tabs: None,
        };
        if let Some(plans) = &plan.metadata {
            tree.metadata = Some(self.elements(scope, &binder, plans).await?);
        }
        if let Some(plans) = &plan.tabs {
            tree.tabs = Some(self.tabs(scope, &binder, plans).await?);
        }
        Ok(Some(tree))
    }

    async fn new_binder(
        &mut self,
        scope: &Scope,
        plan: &BinderPlan,
    ) -> Result<Option<BinderRow>, StoreError> {
        let Some(name) = self.needs(plan.line, "binder", "name", plan.name.as_ref()) else {
            return Ok(None);
        };
        let id = plan.id.clone().unwrap_or_else(new_ids::binder_id);
        let binder_type = plan.kind.as_ref().map_or(DEFAULT_TYPE, ObjectName::as_str).to_owned();
        let created = self.now(scope).await?;
        let after = Some(json!({ "name": name.as_str(), "type": binder_type }));
        let new = NewBinder { id: id.clone(), name: name.clone(), binder_type, created };
        binders::insert(self.tx, scope, &new).await?;
        let change = Change {
            verb: "binder.create",
            kind: "binder",
            object: id.as_str(),
            before: None,
            after,
        };
        self.note(scope, change).await?;
        binders::find(self.tx, scope, &id).await
    }

    async fn update_binder(
        &mut self,
        scope: &Scope,
        plan: &BinderPlan,
        mut binder: BinderRow,
    ) -> Result<BinderRow, StoreError> {
        let before = json!({ "name": binder.name, "type": binder.binder_type });
        if let Some(name) = &plan.name
            && name.as_str() != binder.name
        {
            binders::rename(self.tx, scope, binder.key, name).await?;
            name.as_str().clone_into(&mut binder.name);
        }
        if let Some(kind) = &plan.kind
            && kind.as_str() != binder.binder_type
        {
            binders::set_type(self.tx, scope, binder.key, kind.as_str()).await?;
            kind.as_str().clone_into(&mut binder.binder_type);
        }
        let after = json!({ "name": binder.name, "type": binder.binder_type });
        if after != before {
            let object = binder.id.as_str();
            let (before, after) = (Some(before), Some(after));
            self.note(
                scope,
                Change { verb: "binder.update", kind: "binder", object, before, after },
            )
            .await?;
        }
        Ok(binder)
    }
}
