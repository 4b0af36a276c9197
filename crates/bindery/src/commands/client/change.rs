//! What `bindery client` changes: each verb one transaction with its entry in the journal.

use anyhow::{Context, bail};
use bindery_domain::{ClientId, Scope, Timestamp};
use bindery_store::clients::{self, ClientRow, NewClient, SecretRow};
use bindery_store::{Store, Tx, journal};
use serde_json::json;

use crate::clock::Clock;
use crate::commands::target::{Change, note};

pub(super) async fn create(
    store: &Store,
    scope: Scope,
    new: NewClient,
    secret: SecretRow,
) -> anyhow::Result<()> {
    store
        .write(move |tx| {
            let (mut new, secret) = (new.clone(), secret.clone());
            async move {
                if clients::owner(&tx, &new.id).await?.is_some() {
                    bail!("client id {} is used, here or by another organization: choose another", new.id);
                }
                let at = now(&tx, &scope).await?;
                new.created = at;
                clients::insert(&tx, &scope, &new).await?;
                let secret = SecretRow { created: at, ..secret };
                clients::add_secret(&tx, &scope, &new.id, &secret).await?;
                let after = json!({ "name": new.name.as_str(), "role": new.role.as_str(), "secret": secret.name });
                Ok(entry(&tx, &scope, at, "client.create", &new.id, None, Some(after)).await?)
            }
        })
        .await
}

pub(super) async fn set_disabled(
    store: &Store,
    scope: Scope,
    id: ClientId,
    is_disabled: bool,
) -> anyhow::Result<()> {
    store
        .write(move |tx| {
            let id = id.clone();
            async move {
                let client = load(&tx, &scope, &id).await?;
                if client.disabled_at.is_some() == is_disabled {
                    return Ok(());
                }
                let at = now(&tx, &scope).await?;
                let verb = if is_disabled {
                    clients::disable(&tx, &scope, &id, at).await?;
                    "client.disable"
                } else {
                    clients::enable(&tx, &scope, &id).await?;
                    "client.enable"
                };
                let before = Some(json!({ "disabled": !is_disabled }));
                let after = Some(json!({ "disabled": is_disabled }));
                Ok(entry(&tx, &scope, at, verb, &id, before, after).await?)
            }
        })
        .await
}

pub(super) async fn rotate_secret(
    store: &Store,
    scope: Scope,
    id: ClientId,
    secret: SecretRow,
    end_previous: bool,
) -> anyhow::Result<()> {
    store
        .write(move |tx| {
            let (id, secret) = (id.clone(), secret.clone());
            async move {
                load(&tx, &scope, &id).await?;
                let at = now(&tx, &scope).await?;
                let secret = SecretRow { created: at, ..secret };
                let ended = clients::add_secret(&tx, &scope, &id, &secret).await?;
                let mut ended = ended.with_context(|| format!("no client {id}"))?;
                if end_previous {
                    ended.extend(clients::end_secrets(&tx, &scope, &id, 1, at).await?);
                }
                let after = Some(json!({ "secret": secret.name, "ended": ended }));
                Ok(entry(&tx, &scope, at, "client.rotate_secret", &id, None, after).await?)
            }
        })
        .await
}

pub(super) async fn remove(store: &Store, scope: Scope, id: ClientId) -> anyhow::Result<ClientRow> {
    store
        .write(move |tx| {
            let id = id.clone();
            async move {
                let client = load(&tx, &scope, &id).await?;
                let at = now(&tx, &scope).await?;
                clients::remove(&tx, &scope, &id, at).await?;
                let before = Some(json!({ "name": client.name, "role": client.role.as_str() }));
                entry(&tx, &scope, at, "client.remove", &id, before, None).await?;
                Ok(client)
            }
        })
        .await
}

async fn load(tx: &Tx, scope: &Scope, id: &ClientId) -> anyhow::Result<ClientRow> {
    let client = clients::find(tx, scope, id).await?;
    client.with_context(|| format!("no client {id}; `bindery client list` shows them"))
}

async fn now(tx: &Tx, scope: &Scope) -> Result<Timestamp, bindery_store::StoreError> {
    journal::now(tx, scope, Clock::system().now()).await
}

async fn entry(
    tx: &Tx,
    scope: &Scope,
    at: Timestamp,
    verb: &str,
    id: &ClientId,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), bindery_store::StoreError> {
    note(tx, scope, at, Change { verb, kind: "client", object: id.to_string(), before, after })
        .await
}
