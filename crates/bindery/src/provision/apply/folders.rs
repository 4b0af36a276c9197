//! Tabs and folders.

use std::collections::HashMap;

use bindery_domain::{FolderId, ObjectName, Scope, fold};
use bindery_store::binders::BinderRow;
use bindery_store::folders::{self, FolderRow, NewFolder, Place};
use bindery_store::{StoreError, changes};
use serde_json::json;

use super::{Change, Work};
use crate::provision::plan::{FolderPlan, TabType};
use crate::provision::tree::FolderTree;

/// Siblings read at once.
const PIECE: i64 = 1000;

/// Where the folders of a list go.
struct Parent<'a> {
    binder: &'a BinderRow,
    folder: Option<&'a FolderRow>,
}

/// The folders that are there already, by name.
type Siblings = HashMap<String, Vec<FolderRow>>;

impl Work<'_> {
    pub(super) async fn tabs(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        plans: &[FolderPlan],
    ) -> Result<Vec<FolderTree>, StoreError> {
        self.folders(scope, Parent { binder, folder: None }, plans).await
    }

    async fn folders(
        &mut self,
        scope: &Scope,
        parent: Parent<'_>,
        plans: &[FolderPlan],
    ) -> Result<Vec<FolderTree>, StoreError> {
        let siblings = self.siblings(scope, &parent).await?;
        let mut trees = Vec::new();
        for plan in plans {
            let Some(folder) = self.folder(scope, &parent, plan, &siblings).await? else {
                continue;
            };
            let mut tree = FolderTree {
                id: folder.id.to_string(),
                name: folder.name.clone(),
                kind: parent.folder.is_none().then(|| folder.folder_type.clone()),
                folders: None,
            };
            if let Some(plans) = &plan.folders {
                let parent = Parent { binder: parent.binder, folder: Some(&folder) };
                tree.folders = Some(Box::pin(self.folders(scope, parent, plans)).await?);
            }
            trees.push(tree);
        }
        Ok(trees)
    }

    async fn siblings(&self, scope: &Scope, parent: &Parent<'_>) -> Result<Siblings, StoreError> {
        let mut siblings = Siblings::new();
        let mut after = None;
        loop {
            let piece = match parent.folder {
                None => folders::tabs(self.tx, scope, parent.binder.key, after, PIECE).await?,
                Some(folder) => folders::children(self.tx, scope, folder, after, PIECE).await?,
            };
            for folder in piece.rows {
                siblings.entry(fold::identity(&folder.name)).or_default().push(folder);
            }
            after = piece.next;
            if after.is_none() {
                return Ok(siblings);
            }
        }
    }

    async fn folder(
        &mut self,
        scope: &Scope,
        parent: &Parent<'_>,
        plan: &FolderPlan,
        siblings: &Siblings,
    ) -> Result<Option<FolderRow>, StoreError> {
        let found = match (plan.id, &plan.name) {
            (Some(id), _) => {
                let found = folders::find_by_id(self.tx, scope, id).await?;
                if found.as_ref().is_some_and(|folder| !parent.holds(folder)) {
                    self.mistake(plan.line, format!("folder {id} exists in another place"));
                    return Ok(None);
                }
                found
            }
            (None, Some(name)) => {
                let found = siblings.get(&name.identity()).cloned().unwrap_or_default();
                let Ok(found) = self.only_one(plan.line, "folders here", name, found) else {
                    return Ok(None);
                };
                found
            }
            (None, None) => None,
        };
        match found {
            Some(folder) => self.update_folder(scope, plan, folder).await.map(Some),
            None => self.new_folder(scope, parent, plan).await,
        }
    }

    async fn new_folder(
        &mut self,
        scope: &Scope,
        parent: &Parent<'_>,
        plan: &FolderPlan,
    ) -> Result<Option<FolderRow>, StoreError> {
        let Some(name) = self.needs(plan.line, "folder", "name", plan.name.as_ref()) else {
            return Ok(None);
        };
        let id = plan.id.unwrap_or_else(FolderId::random);
        let tab_type = plan.kind.unwrap_or(TabType::Documents).as_str();
        let place = match parent.folder {
            Some(folder) => folder.as_place(),
            None => Place::Tab(tab_type.to_owned()),
        };
        let created = self.now(scope).await?;
        let new =
            NewFolder { id, binder_key: parent.binder.key, place, name: name.clone(), created };
        match folders::insert(self.tx, scope, &new).await {
            Err(StoreError::Unique(_)) => {
                self.mistake(plan.line, format!("folder {id} is in the trash"));
                return Ok(None);
            }
            inserted => inserted?,
        };
        let folder = folders::find_by_id(self.tx, scope, id).await?;
        let inside = parent.folder.map(|folder| folder.id.to_string());
        let after = json!({
            "name": name.as_str(),
            "type": folder.as_ref().map(|folder| folder.folder_type.as_str()),
            "binder": parent.binder.id.as_str(),
            "parent": inside,
        });
        let object = id.to_string();
        let change = Change {
            verb: "folder.create",
            kind: "folder",
            object: &object,
            before: None,
            after: Some(after),
        };
        self.note(scope, change).await?;
        Ok(folder)
    }

    async fn update_folder(
        &mut self,
        scope: &Scope,
        plan: &FolderPlan,
        mut folder: FolderRow,
    ) -> Result<FolderRow, StoreError> {
        let before = json!({ "name": folder.name, "type": folder.folder_type });
        let name = plan.name.as_ref().map_or(folder.name.as_str(), ObjectName::as_str);
        if name != folder.name
            && let Some(name) = &plan.name
        {
            folders::rename(self.tx, scope, folder.key, name).await?;
            name.as_str().clone_into(&mut folder.name);
        }
        if let Some(kind) = plan.kind
            && kind.as_str() != folder.folder_type
        {
            folders::set_tab_type(self.tx, scope, folder.key, kind.as_str()).await?;
            kind.as_str().clone_into(&mut folder.folder_type);
            // Searches by tab type remember how many they found.
            changes::bump(self.tx, scope, folder.binder_key).await?;
        }
        let after = json!({ "name": folder.name, "type": folder.folder_type });
        if after != before {
            let object = folder.id.to_string();
            let (before, after) = (Some(before), Some(after));
            let change =
                Change { verb: "folder.update", kind: "folder", object: &object, before, after };
            self.note(scope, change).await?;
        }
        Ok(folder)
    }
}

impl Parent<'_> {
    fn holds(&self, folder: &FolderRow) -> bool {
        folder.binder_key == self.binder.key
            && folder.parent_key == self.folder.map(|parent| parent.key)
    }
}
