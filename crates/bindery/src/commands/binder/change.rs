//! What `bindery binder` changes: each verb one transaction with its entry in the journal; of a large binder the
//! documents go and come some at a time, so that a live server goes on.

use std::time::Duration;

use anyhow::{Context, bail};
use bindery_domain::{BinderId, ObjectName, Scope, Timestamp};
use bindery_store::binders::{self, BinderRow, NewBinder};
use bindery_store::trash::{self, Way};
use bindery_store::{Query, Store, StoreError, Tx, journal};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::clock::Clock;
use crate::commands::progress::Progress;
use crate::commands::target::{Change, note};

/// Documents that one transaction moves or removes: a live server waits for one to end at most.
const PIECE: i64 = 500;
/// Between two of them, so that a live server which waits gets its turn.
const PAUSE: Duration = Duration::from_millis(5);

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

/// Puts a binder into the trash: of a large one most documents before it, some at a time. Interrupted, it is
/// finished by running it again.
pub(super) async fn trash(store: &Store, scope: Scope, id: BinderId) -> anyhow::Result<BinderRow> {
    let key = load(store, &scope, &id).await?.key;
    move_ahead(store, scope, (&id, key), Way::Out, PIECE).await?;
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

/// Brings a binder back, in the same way. Its documents come first: while its folders are hidden, nobody can take
/// their names.
pub(super) async fn restore(
    store: &Store,
    scope: Scope,
    id: BinderId,
) -> anyhow::Result<BinderRow> {
    let key = load_trashed(store, &scope, &id).await?.key;
    move_ahead(store, scope, (&id, key), Way::In, PIECE).await?;
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
    // A restore that broke off has brought some back already.
    move_ahead(store, scope, (&id, key), Way::Out, 0).await?;
    let progress = Progress::documents("removing");
    let mut done = 0;
    loop {
        let purged = store.write(move |tx| async move {
            trash::purge_documents(&tx, &scope, key, Clock::system().now(), PIECE).await
        });
        let purged = purged.await?;
        if purged == 0 {
            break;
        }
        done += purged as u64;
        progress.set(done);
        sleep(PAUSE).await;
    }
    progress.finish();
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

/// Moves documents by themselves until so many are left for the binder to take along, each piece with its entry in
/// the journal.
async fn move_ahead(
    store: &Store,
    scope: Scope,
    (id, key): (&BinderId, i64),
    way: Way,
    leave: i64,
) -> anyhow::Result<()> {
    let (verb, doing) = match way {
        Way::Out => ("binder.trash_documents", "into the trash:"),
        Way::In => ("binder.restore_documents", "back from the trash:"),
    };
    let progress = Progress::documents(doing);
    let mut done = 0;
    loop {
        let id = id.clone();
        let moved = store.write(move |tx| {
            let id = id.clone();
            async move {
                let size = (PIECE, leave);
                let moved = trash::move_documents_ahead(&tx, &scope, key, way, size).await?;
                if moved > 0 {
                    let at = now(&tx, &scope).await?;
                    let after = Some(json!({ "documents": moved }));
                    entry(&tx, &scope, at, verb, &id, (None, after)).await?;
                }
                Ok::<_, StoreError>(moved)
            }
        });
        let moved = moved.await?;
        if moved == 0 {
            progress.finish();
            return Ok(());
        }
        done += moved.unsigned_abs();
        progress.set(done);
        sleep(PAUSE).await;
    }
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
