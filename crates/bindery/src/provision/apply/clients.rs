//! Clients and their secrets.

use bindery_domain::{ObjectName, Scope, fold};
use bindery_store::StoreError;
use bindery_store::clients::{self, ClientRow, NewClient, SecretRow};
use serde_json::json;

use super::{Change, Work};
use crate::provision::new_ids;
use crate::provision::plan::ClientPlan;
use crate::provision::tree::ClientTree;

impl Work<'_> {
    pub(super) async fn clients(
        &mut self,
        scope: &Scope,
        plans: &[ClientPlan],
    ) -> Result<Vec<ClientTree>, StoreError> {
        let known = clients::list(self.tx, scope).await?;
        let mut trees = Vec::new();
        for plan in plans {
            trees.extend(self.client(scope, plan, &known).await?);
        }
        Ok(trees)
    }

    async fn client(
        &mut self,
        scope: &Scope,
        plan: &ClientPlan,
        known: &[ClientRow],
    ) -> Result<Option<ClientTree>, StoreError> {
        let found = match (&plan.id, &plan.name) {
            (Some(id), _) => {
                let found = known.iter().find(|client| client.id == *id);
                if found.is_none()
                    && let Some(owner) = clients::owner(self.tx, id).await?
                {
                    let message = if owner == scope.owner() {
                        format!("client {id} was removed, and its id is never used again")
                    } else {
                        format!("client id {id} belongs to another organization")
                    };
                    self.mistake(plan.line, message);
                    return Ok(None);
                }
                found
            }
            (None, Some(name)) => {
                let same = |client: &&ClientRow| fold::identity(&client.name) == name.identity();
                let found = known.iter().filter(same).collect();
                let Ok(found) = self.only_one(plan.line, "clients", name, found) else {
                    return Ok(None);
                };
                found
            }
            (None, None) => None,
        };
        match found {
            Some(client) => self.update_client(scope, plan, client).await.map(Some),
            None => self.new_client(scope, plan).await,
        }
    }

    async fn new_client(
        &mut self,
        scope: &Scope,
        plan: &ClientPlan,
    ) -> Result<Option<ClientTree>, StoreError> {
        let Some(&role) = self.needs(plan.line, "client", "role", plan.role.as_ref()) else {
            return Ok(None);
        };
        let id = plan.id.clone().unwrap_or_else(new_ids::client_id);
        let name = plan.name.clone().or_else(|| ObjectName::parse(id.as_str()).ok());
        let Some(name) = self.needs(plan.line, "client", "name", name.as_ref()) else {
            return Ok(None);
        };
        let created = self.now(scope).await?;
        clients::insert(
            self.tx,
            scope,
            &NewClient { id: id.clone(), name: name.clone(), role, created },
        )
        .await?;
        let secret = plan.secret.clone().unwrap_or_else(new_ids::secret);
        let row = SecretRow {
            name: new_ids::secret_name(),
            digest: new_ids::secret_digest(&secret),
            created,
        };
        clients::add_secret(self.tx, scope, &id, &row).await?;
        let after =
            Some(json!({ "name": name.as_str(), "role": role.as_str(), "secret": row.name }));
        let change = Change {
            verb: "client.create",
            kind: "client",
            object: id.as_str(),
            before: None,
            after,
        };
        self.note(scope, change).await?;
        Ok(Some(ClientTree {
            id: id.to_string(),
            name: name.to_string(),
            role: role.as_str(),
            secret: Some(secret),
        }))
    }

    async fn update_client(
        &mut self,
        scope: &Scope,
        plan: &ClientPlan,
        client: &ClientRow,
    ) -> Result<ClientTree, StoreError> {
        let id = &client.id;
        let role = plan.role.unwrap_or(client.role);
        let name = plan.name.as_ref().map_or(client.name.as_str(), ObjectName::as_str);
        if (name, role) != (client.name.as_str(), client.role)
            && let Ok(new_name) = ObjectName::parse(name)
        {
            clients::update(self.tx, scope, id, &new_name, role).await?;
            let before = Some(json!({ "name": client.name, "role": client.role.as_str() }));
            let after = Some(json!({ "name": name, "role": role.as_str() }));
            let change = Change {
                verb: "client.update",
                kind: "client",
                object: id.as_str(),
                before,
                after,
            };
            self.note(scope, change).await?;
        }
        if let Some(secret) = &plan.secret {
            self.compare_secret(scope, client, secret).await?;
        }
        Ok(ClientTree {
            id: id.to_string(),
            name: name.to_owned(),
            role: role.as_str(),
            secret: None,
        })
    }

    /// The file's secret makes a client; it never changes one, so that an old file cannot bring back a secret
    /// that was replaced.
    async fn compare_secret(
        &mut self,
        scope: &Scope,
        client: &ClientRow,
        secret: &str,
    ) -> Result<(), StoreError> {
        let digest = new_ids::secret_digest(secret);
        let live = clients::secrets(self.tx, scope, &client.id).await?;
        if live.iter().all(|secret| secret.digest != digest) {
            self.applied.warnings.push(format!(
                "client {} exists with another secret; the file's is not used (see: bindery client rotate-secret)",
                client.id
            ));
        }
        Ok(())
    }
}
