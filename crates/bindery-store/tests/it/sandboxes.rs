//! Sandboxes: what they have taken, and that nothing of them is left.

use bindery_domain::{OrgKey, Scope, Timestamp, UploadId};
use bindery_store::sandboxes::{self, Reserved, SandboxRow};
use bindery_store::uploads::{self, NewUpload};
use bindery_store::{Query, Sql, changes, elements, journal, organizations, params, usage};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    removed_sandbox_leaves_no_row,
    key_of_a_removed_organization_is_never_given_again,
    cleared_sandbox_is_as_empty_as_a_new_organization,
    upload_urls_count_as_what_they_may_bring,
    sandboxes_are_due_when_their_time_is_over,
);

/// Makes the world's organization a sandbox with a bit of everything.
async fn sandbox(world: &World) -> SandboxRow {
    let expires = Timestamp(5_000_000);
    world
        .write(move |tx, scope| async move { sandboxes::insert(&tx, &scope, expires).await })
        .await
        .unwrap();
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    world.commit(&tab, "a.pdf", 1).await;
    world.commit(&tab, "a.pdf", 2).await;
    open_upload(world).await;
    sandboxes::find(&world.store, &world.scope).await.unwrap().unwrap()
}

async fn open_upload(world: &World) {
    let (created, expires) = (world.tick(), world.tick());
    let open = move |tx, scope: Scope| async move {
        let client = "visitor".parse().unwrap();
        let new = NewUpload { id: UploadId::random(), client, created, expires };
        uploads::open(&tx, &scope, &new).await
    };
    world.write(open).await.unwrap();
}

async fn remove(world: &World, sandbox: &SandboxRow) -> sandboxes::Leftovers {
    let sandbox = sandbox.clone();
    let remove = move |tx, _| {
        let sandbox = sandbox.clone();
        async move { sandboxes::remove(&tx, &sandbox).await }
    };
    world.write(remove).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_counters_that_are_being_folded_stays_in_a_cleared_sandbox() {
    let world = World::on(TestDatabase::postgres().await).await;
    let sandbox = sandbox(&world).await;
    let at = world.tick();
    let change = move |tx, scope: Scope| async move {
        journal::append_unsealed(&tx, &scope, &entry(at)).await?;
        // A value that was never counted before: the fold makes a row that nobody else has seen.
        let count = "insert into facet_count (org, element, value, binder, tab, n) \
            values ($1, 1, 'new', 1, 1, 1)";
        tx.query(count, params![scope.owner()]).await
    };
    world.write(change).await.unwrap();
    let (folded, is_folded) = tokio::sync::watch::channel(false);
    let fold = move |tx, scope| {
        let folded = folded.clone();
        async move {
            let sealed = journal::seal(&tx, &scope, 100).await?;
            folded.send_replace(true);
            // Long enough for the other transaction to come to the counters.
            tx.query("select 1 from (select pg_sleep(0.5)) as slept", params![]).await?;
            Ok(sealed)
        }
    };
    let clear = async {
        is_folded.clone().wait_for(|is_folded| *is_folded).await.unwrap();
        let clear = move |tx, _| {
            let sandbox = sandbox.clone();
            async move { sandboxes::clear(&tx, &sandbox).await }
        };
        world.write(clear).await.unwrap();
    };
    let (sealed, ()) = tokio::join!(world.write(fold), clear);
    assert!(sealed.unwrap() > 0);
    let left = "select count(*) from facet_count where org = $1".to_owned();
    assert_eq!(count(&world, left, world.scope.owner()).await, 0);
}

fn entry(at: Timestamp) -> journal::Entry {
    journal::Entry {
        at,
        actor: "visitor".to_owned(),
        verb: "document.create".to_owned(),
        object_kind: "document".to_owned(),
        object: "1".to_owned(),
        before: None,
        after: None,
    }
}

/// The tables whose rows belong to organizations.
async fn tables(world: &World) -> Vec<String> {
    let sql = Sql::Each {
        sqlite: "select m.name from sqlite_schema m join pragma_table_info(m.name) c \
            where m.type = 'table' and c.name = 'org'"
            .into(),
        postgres: "select cast(table_name as text) from information_schema.columns \
            where column_name = 'org' and table_schema = current_schema()"
            .into(),
    };
    let rows = world.store.query(sql, params![]).await.unwrap();
    rows.into_iter().map(|mut row| row.take(0).unwrap()).collect()
}

async fn count(world: &World, sql: String, org: OrgKey) -> i64 {
    let row = world.store.query_opt(sql, params![org]).await.unwrap();
    row.unwrap().take(0).unwrap()
}

async fn removed_sandbox_leaves_no_row(database: TestDatabase) {
    let world = World::on(database).await;
    let sandbox = sandbox(&world).await;
    let other = world.other_organization().await;
    let tables = tables(&world).await;
    assert!(tables.len() > 15, "{tables:?}");
    let mut of_other = Vec::new();
    for table in &tables {
        let sql = format!("select count(*) from {table} where org = $1");
        of_other.push((table, count(&world, sql, other.owner()).await));
    }
    let leftovers = remove(&world, &sandbox).await;
    assert_eq!((leftovers.blobs.len(), leftovers.uploads.len()), (2, 1));
    for (table, rows_of_other) in of_other {
        let sql = || format!("select count(*) from {table} where org = $1");
        assert_eq!(count(&world, sql(), sandbox.key).await, 0, "{table}");
        assert_eq!(count(&world, sql(), other.owner()).await, rows_of_other, "{table}");
    }
    assert!(organizations::find(&world.store, sandbox.id).await.unwrap().is_none());
    assert_eq!(sandboxes::count(&world.store).await.unwrap().sandboxes, 0);
}

async fn key_of_a_removed_organization_is_never_given_again(database: TestDatabase) {
    let world = World::on(database).await;
    let sandbox = sandbox(&world).await;
    remove(&world, &sandbox).await;
    let next = world.other_organization().await;
    assert!(next.owner().0 > sandbox.key.0, "{next:?} after {:?}", sandbox.key);
}

async fn cleared_sandbox_is_as_empty_as_a_new_organization(database: TestDatabase) {
    let world = World::on(database).await;
    let sandbox = sandbox(&world).await;
    let (db, scope) = (&world.store, &world.scope);
    let number = changes::number(db, scope, changes::ORGANIZATION).await.unwrap();
    let before = journal::head(db, scope).await.unwrap();
    let cleared = sandbox.clone();
    let clear = move |tx, _| {
        let sandbox = cleared.clone();
        async move { sandboxes::clear(&tx, &sandbox).await }
    };
    let leftovers = world.write(clear).await.unwrap();
    assert_eq!((leftovers.blobs.len(), leftovers.uploads.len()), (2, 1));
    assert_eq!(usage::load(db, scope).await.unwrap(), usage::UsageRow::default());
    assert_eq!(usage::recount(db, scope).await.unwrap(), usage::UsageRow::default());
    let after = journal::head(db, scope).await.unwrap();
    assert_eq!((after.seq, after.at), (0, before.at));
    assert_eq!(journal::verify(db, scope).await.unwrap(), journal::Verified::Intact(after));
    assert!(changes::number(db, scope, changes::ORGANIZATION).await.unwrap() > number);
    assert!(elements::find(db, scope, "GLOBAL_Date").await.unwrap().is_some());
    assert_eq!(sandboxes::find(db, scope).await.unwrap(), Some(sandbox));
    // The same names and ids can be given again.
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    world.commit(&tab, "a.pdf", 1).await;
    let verified = journal::verify(db, scope).await.unwrap();
    assert!(matches!(verified, journal::Verified::Intact(_)), "{verified:?}");
}

async fn upload_urls_count_as_what_they_may_bring(database: TestDatabase) {
    let world = World::on(database).await;
    sandbox(&world).await;
    let stored = usage::load(&world.store, &world.scope).await.unwrap();
    let reserved = async || sandboxes::reserved(&world.store, &world.scope, 1_000).await.unwrap();
    assert_eq!(reserved().await, Reserved { versions: 3, bytes: stored.bytes + 1_000 });
    open_upload(&world).await;
    assert_eq!(reserved().await, Reserved { versions: 4, bytes: stored.bytes + 2_000 });
}

async fn sandboxes_are_due_when_their_time_is_over(database: TestDatabase) {
    let world = World::on(database).await;
    let sandbox = sandbox(&world).await;
    let due = async |at| sandboxes::due(&world.store, Timestamp(at), 10).await.unwrap();
    assert_eq!(due(4_999_999).await, []);
    assert_eq!(due(5_000_000).await, [sandbox]);
    let counted = sandboxes::count(&world.store).await.unwrap();
    assert_eq!((counted.sandboxes, counted.first_expires), (1, Timestamp(5_000_000)));
    let other = world.other_organization().await;
    assert_eq!(sandboxes::find(&world.store, &other).await.unwrap(), None);
}
