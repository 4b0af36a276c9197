//! What `bindery binder` changes: each verb one transaction with its entry in the journal.

use anyhow::{Context, bail};
use bindery_domain::{BinderId, ObjectName, Scope, Timestamp};
use bindery_store::binders::{self, BinderRow, NewBinder};
use bindery_store::{Query, Store, StoreError, Tx, journal, trash};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::commands::target::{Change, note};

/// Documents that one transaction of a purge removes.
const PIECE: i64 = 500;

pub(super) async fn create(
    store: &Store,
    scope: Scope,
    id: BinderId,
    name: ObjectName,
    binder_type: String,
) -> anyhow::Result<BinderRow> {
    store
        .write(move |tx| {
            let (id, name, binder_type) = (id.clone(), name.clone(), binder_type.clone());
            async move {
                if binders::find(&tx, &scope, &id).await?.is_some()
                    || binders::find_trashed(&tx, &scope, &id).await?.is_some()
                {
                    bail!("binder {id} exists already");
                }
                let created = now(&tx, &scope).await?;
                let after = json!({ "name": name.as_str(), "type": binder_type });
                let new = NewBinder { id: id.clone(), name, binder_type, created };
                binders::insert(&tx, &scope, &new).await?;
                entry(&tx, &scope, created, "binder.create", &id, (None, Some(after))).await?;
                load(&tx, &scope, &id).await
            }
        })
        .await
}

pub(super) async fn rename(
    store: &Store,
    scope: Scope,
    id: BinderId,
    name: ObjectName,
) -> anyhow::Result<BinderRow> {
    store
        .write(move |tx| {
            let (id, name) = (id.clone(), name.clone());
            async move {
                let binder = load(&tx, &scope, &id).await?;
                if binder.name != name.as_str() {
                    let at = now(&tx, &scope).await?;
                    binders::rename(&tx, &scope, binder.key, &name).await?;
                    let before = Some(json!({ "name": binder.name }));
                    let after = Some(json!({ "name": name.as_str() }));
                    entry(&tx, &scope, at, "binder.update", &id, (before, after)).await?;
                }
                load(&tx, &scope, &id).await
            }
        })
        .await
}

pub(super) async fn trash(store: &Store, scope: Scope, id: BinderId) -> anyhow::Result<BinderRow> {
    store
        .write(move |tx| {
            let id = id.clone();
            async move {
                let binder = load(&tx, &scope, &id).await?;
                let at = now(&tx, &scope).await?;
                trash::trash_binder(&tx, &scope, binder.key, at).await?;
                let states =
                    (Some(json!({ "name": binder.name })), Some(json!({ "trashed": true })));
                entry(&tx, &scope, at, "binder.trash", &id, states).await?;
                load_trashed(&tx, &scope, &id).await
            }
        })
        .await
}

pub(super) async fn restore(
    store: &Store,
    scope: Scope,
    id: BinderId,
) -> anyhow::Result<BinderRow> {
    store
        .write(move |tx| {
            let id = id.clone();
            async move {
                let binder = load_trashed(&tx, &scope, &id).await?;
                let at = now(&tx, &scope).await?;
                trash::restore_binder(&tx, &scope, binder.key).await?;
                let states =
                    (Some(json!({ "trashed": true })), Some(json!({ "name": binder.name })));
                entry(&tx, &scope, at, "binder.restore", &id, states).await?;
                load(&tx, &scope, &id).await
            }
        })
        .await
}

/// Removes a binder for good, by way of the trash, some documents at a time so that a live server goes on.
pub(super) async fn purge(store: &Store, scope: Scope, id: BinderId) -> anyhow::Result<BinderRow> {
    let binder = match binders::find_trashed(store, &scope, &id).await? {
        Some(binder) => binder,
        None => trash(store, scope, id.clone()).await?,
    };
    let key = binder.key;
    loop {
        let purged = store.write(move |tx| async move {
            trash::purge_documents(&tx, &scope, key, Clock::system().now(), PIECE).await
        });
        if purged.await? == 0 {
            break;
        }
    }
    let name = binder.name.clone();
    let removed = store.write(move |tx| {
        let (id, name) = (id.clone(), name.clone());
        async move {
            if !trash::purge_binder(&tx, &scope, key).await? {
                bail!("binder {id} was brought back from the trash meanwhile");
            }
            let at = now(&tx, &scope).await?;
            let states = (Some(json!({ "name": name })), None);
            Ok(entry(&tx, &scope, at, "binder.purge", &id, states).await?)
        }
    });
    removed.await?;
    Ok(BinderRow { trashed_at: None, ..binder })
}

async fn load(db: &impl Query, scope: &Scope, id: &BinderId) -> anyhow::Result<BinderRow> {
    let binder = binders::find(db, scope, id).await?;
    binder.with_context(|| format!("no binder {id} here; `bindery binder list` shows them"))
}

async fn load_trashed(db: &impl Query, scope: &Scope, id: &BinderId) -> anyhow::Result<BinderRow> {
    let binder = binders::find_trashed(db, scope, id).await?;
    binder.with_context(|| {
        format!("no binder {id} in the trash; `bindery binder list --trash` shows it")
    })
}

async fn now(tx: &Tx, scope: &Scope) -> Result<Timestamp, StoreError> {
    journal::now(tx, scope, Clock::system().now()).await
}

async fn entry(
    tx: &Tx,
    scope: &Scope,
    at: Timestamp,
    verb: &str,
    id: &BinderId,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<(), StoreError> {
    note(tx, scope, at, Change { verb, kind: "binder", object: id.to_string(), before, after })
        .await
}
