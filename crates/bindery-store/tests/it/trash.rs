//! The trash, and the counters through everything that changes them.

use bindery_domain::{FileName, Scope, Timestamp};
use bindery_store::folders::FolderRow;
use bindery_store::{
    Query, StoreError, Tx, binders, blobs, changes, documents, folders, params, trash, usage,
    versions,
};

use crate::database::TestDatabase;
use crate::world::{Committed, World};

crate::on_both_engines!(
    trashed_folder_hides_all_beneath_and_brings_it_back,
    what_was_trashed_by_itself_stays_in_the_trash,
    nothing_comes_back_into_a_place_that_is_in_the_trash,
    document_asks_for_a_new_name_when_its_own_is_taken,
    trashed_binder_is_gone_with_all_beneath_and_comes_back,
    documents_of_a_large_binder_go_and_come_ahead_of_it,
    purged_binder_leaves_no_row_and_its_bytes_die,
    trashing_ends_what_is_remembered,
    counters_equal_a_recount_after_random_operations,
);

#[derive(Debug, Clone, Copy)]
enum Step {
    TrashBinder(i64),
    RestoreBinder(i64),
    TrashFolder(i64),
    RestoreFolder(i64),
    TrashDocument(i64),
    RestoreDocument(i64),
}

async fn step(tx: &Tx, scope: &Scope, step: Step) -> Result<bool, StoreError> {
    let at = Timestamp(77);
    match step {
        Step::TrashBinder(key) => trash::trash_binder(tx, scope, key, at).await,
        Step::RestoreBinder(key) => trash::restore_binder(tx, scope, key).await,
        Step::TrashFolder(key) => trash::trash_folder(tx, scope, key, at).await,
        Step::RestoreFolder(key) => trash::restore_folder(tx, scope, key).await,
        Step::TrashDocument(key) => trash::trash_document(tx, scope, key, at).await,
        Step::RestoreDocument(key) => trash::restore_document(tx, scope, key, None).await,
    }
}

async fn take(world: &World, which: Step) -> bool {
    world.write(move |tx, scope| async move { step(&tx, &scope, which).await }).await.unwrap()
}

/// A binder, its tab, a folder in it, one in that, and a document in each of the three.
struct Tree {
    binder: i64,
    tab: FolderRow,
    middle: FolderRow,
    inner: FolderRow,
    documents: [Committed; 3],
}

async fn tree(world: &World) -> Tree {
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let middle = world.folder(binder, "Arkitekt", tab.as_place()).await;
    let inner = world.folder(binder, "Planer", middle.as_place()).await;
    let documents = [
        world.commit(&tab, "a.pdf", 1).await,
        world.commit(&middle, "b.pdf", 2).await,
        world.commit(&inner, "c.pdf", 3).await,
    ];
    world.commit(&inner, "c.pdf", 4).await;
    Tree { binder, tab, middle, inner, documents }
}

/// Which of the tree's documents are found, by every read, and that counters and search index agree.
async fn seen(world: &World, tree: &Tree) -> [bool; 3] {
    let (db, scope) = (&world.store, &world.scope);
    let mut seen = [false; 3];
    for (n, made) in tree.documents.iter().enumerate() {
        seen[n] = documents::find(db, scope, made.document).await.unwrap().is_some();
        let version = versions::find(db, scope, made.document, made.version).await.unwrap();
        let by_key = documents::by_keys(db, scope, &[made.document_key]).await.unwrap();
        assert_eq!((version.is_some(), by_key.len() == 1), (seen[n], seen[n]));
    }
    let live = i64::try_from(seen.iter().filter(|is_seen| **is_seen).count()).unwrap();
    assert_consistent(world).await;
    assert_eq!(usage::load(db, scope).await.unwrap().documents, live);
    seen
}

/// The counters say what a recount says, and the search index has exactly the live documents.
async fn assert_consistent(world: &World) {
    let (db, scope) = (&world.store, &world.scope);
    let counted = usage::load(db, scope).await.unwrap();
    assert_eq!(counted, usage::recount(db, scope).await.unwrap());
    let number = async |sql: &'static str| {
        let mut row = db.query_opt(sql, params![scope.owner()]).await.unwrap().unwrap();
        row.take::<i64>(0).unwrap()
    };
    let faceted = number("select count(distinct document) from facet where org = $1").await;
    assert_eq!(faceted, counted.documents);
    let total = number(
        "select cast(coalesce(sum(n), 0) as bigint) from facet_count where org = $1 and element = 0",
    );
    assert_eq!(total.await, counted.documents);
}

async fn has_folder(world: &World, folder: &FolderRow) -> bool {
    folders::find_by_id(&world.store, &world.scope, folder.id).await.unwrap().is_some()
}

async fn trashed_folder_hides_all_beneath_and_brings_it_back(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    assert_eq!(seen(&world, &tree).await, [true, true, true]);
    assert!(take(&world, Step::TrashFolder(tree.middle.key)).await);
    assert!(!take(&world, Step::TrashFolder(tree.middle.key)).await);
    assert!(!take(&world, Step::TrashFolder(tree.inner.key)).await, "it is hidden already");
    assert_eq!(seen(&world, &tree).await, [true, false, false]);
    assert!(!has_folder(&world, &tree.middle).await && !has_folder(&world, &tree.inner).await);
    let children = folders::children(&world.store, &world.scope, &tree.tab, None, 9).await.unwrap();
    assert!(children.rows.is_empty());
    assert!(take(&world, Step::RestoreFolder(tree.middle.key)).await);
    assert!(!take(&world, Step::RestoreFolder(tree.middle.key)).await);
    assert_eq!(seen(&world, &tree).await, [true, true, true]);
    assert!(has_folder(&world, &tree.middle).await && has_folder(&world, &tree.inner).await);
}

async fn what_was_trashed_by_itself_stays_in_the_trash(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    assert!(take(&world, Step::TrashDocument(tree.documents[1].document_key)).await);
    assert!(take(&world, Step::TrashFolder(tree.inner.key)).await);
    assert!(take(&world, Step::TrashFolder(tree.tab.key)).await);
    assert!(take(&world, Step::TrashBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [false; 3]);
    assert!(take(&world, Step::RestoreBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [false; 3]);
    assert!(take(&world, Step::RestoreFolder(tree.tab.key)).await);
    assert_eq!(seen(&world, &tree).await, [true, false, false]);
    assert!(take(&world, Step::RestoreFolder(tree.inner.key)).await);
    assert_eq!(seen(&world, &tree).await, [true, false, true]);
    assert!(take(&world, Step::RestoreDocument(tree.documents[1].document_key)).await);
    assert_eq!(seen(&world, &tree).await, [true, true, true]);
}

async fn nothing_comes_back_into_a_place_that_is_in_the_trash(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let document = tree.documents[2].document_key;
    take(&world, Step::TrashDocument(document)).await;
    take(&world, Step::TrashFolder(tree.inner.key)).await;
    assert!(!take(&world, Step::RestoreDocument(document)).await);
    take(&world, Step::TrashFolder(tree.middle.key)).await;
    assert!(!take(&world, Step::RestoreFolder(tree.inner.key)).await);
    take(&world, Step::TrashBinder(tree.binder)).await;
    assert!(!take(&world, Step::RestoreFolder(tree.middle.key)).await);
    assert_eq!(seen(&world, &tree).await, [false; 3]);
}

async fn document_asks_for_a_new_name_when_its_own_is_taken(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let key = tree.documents[0].document_key;
    take(&world, Step::TrashDocument(key)).await;
    let second = world.commit(&tree.tab, "A.PDF", 9).await;
    assert_ne!(second.document, tree.documents[0].document);
    let clash = world
        .write(move |tx, scope| async move { step(&tx, &scope, Step::RestoreDocument(key)).await })
        .await;
    let is_clash = matches!(&clash, Err(StoreError::Unique(name)) if name == "document_name_key");
    assert!(is_clash, "{clash:?}");
    let restored = world
        .write(move |tx, scope| async move {
            let name = FileName::parse("a (åter).pdf").unwrap();
            trash::restore_document(&tx, &scope, key, Some(&name)).await
        })
        .await;
    assert!(restored.unwrap());
    let document = documents::find(&world.store, &world.scope, tree.documents[0].document).await;
    assert_eq!(document.unwrap().unwrap().name, "a (åter).pdf");
    assert_consistent(&world).await;
}

async fn trashed_binder_is_gone_with_all_beneath_and_comes_back(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let id = "Kv4rnen_1".parse().unwrap();
    let (db, scope) = (&world.store, &world.scope);
    assert!(take(&world, Step::TrashBinder(tree.binder)).await);
    assert!(!take(&world, Step::TrashBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [false; 3]);
    assert_eq!(binders::find(db, scope, &id).await.unwrap(), None);
    assert!(binders::list(db, scope, None, 9).await.unwrap().rows.is_empty());
    assert!(folders::tabs(db, scope, tree.binder, None, 9).await.unwrap().rows.is_empty());
    let trashed = binders::find_trashed(db, scope, &id).await.unwrap().unwrap();
    assert_eq!(trashed.trashed_at, Some(Timestamp(77)));
    assert_eq!(binders::list_trashed(db, scope).await.unwrap(), [trashed]);
    assert!(take(&world, Step::RestoreBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [true; 3]);
    assert_eq!(binders::find_trashed(db, scope, &id).await.unwrap(), None);
}

async fn documents_of_a_large_binder_go_and_come_ahead_of_it(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let id = "Kv4rnen_1".parse().unwrap();
    let ahead = async |way| {
        let binder = tree.binder;
        let run = move |tx, scope| async move {
            trash::move_documents_ahead(&tx, &scope, binder, way, (1, 1)).await
        };
        world.write(run).await.unwrap()
    };
    // The newest goes first, and one is left for the binder.
    assert_eq!(ahead(trash::Way::Out).await, 1);
    assert_eq!(seen(&world, &tree).await, [true, true, false]);
    assert_eq!(ahead(trash::Way::Out).await, 1);
    assert_eq!(ahead(trash::Way::Out).await, 0);
    assert_eq!(seen(&world, &tree).await, [true, false, false]);
    assert!(binders::find(&world.store, &world.scope, &id).await.unwrap().is_some());
    assert!(take(&world, Step::TrashBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [false; 3]);
    assert_eq!(ahead(trash::Way::In).await, 1);
    assert_eq!(ahead(trash::Way::In).await, 1);
    assert_eq!(ahead(trash::Way::In).await, 0);
    assert_eq!(seen(&world, &tree).await, [false, true, true]);
    assert!(take(&world, Step::RestoreBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [true; 3]);
    // Broken off on its way out, it still comes back as a whole.
    assert_eq!(ahead(trash::Way::Out).await, 1);
    assert!(take(&world, Step::TrashBinder(tree.binder)).await);
    assert!(take(&world, Step::RestoreBinder(tree.binder)).await);
    assert_eq!(seen(&world, &tree).await, [true; 3]);
}

async fn purge(world: &World, binder: i64) -> bool {
    loop {
        let purge = move |tx, scope| async move {
            trash::purge_documents(&tx, &scope, binder, Timestamp(500), 2).await
        };
        if world.write(purge).await.unwrap() == 0 {
            break;
        }
    }
    let purge = move |tx, scope| async move { trash::purge_binder(&tx, &scope, binder).await };
    world.write(purge).await.unwrap()
}

async fn purged_binder_leaves_no_row_and_its_bytes_die(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let other = world.binder("Kv4rnen_2", "Kvarnen 2").await;
    let kept = world.tab(other, "Ritningar").await;
    world.commit(&kept, "same.pdf", 3).await;
    assert!(!purge(&world, tree.binder).await, "a binder that is not in the trash was purged");
    assert_eq!(seen_of(&world).await, (4, 5));
    take(&world, Step::TrashFolder(tree.inner.key)).await;
    take(&world, Step::TrashBinder(tree.binder)).await;
    assert!(purge(&world, tree.binder).await);
    assert_consistent(&world).await;
    let usage = usage::load(&world.store, &world.scope).await.unwrap();
    assert_eq!((usage.documents, usage.versions, usage.bytes), (1, 1, 3));
    let dead = blobs::dead_since(&world.store, &world.scope, Timestamp(500), 9).await.unwrap();
    assert_eq!(dead.iter().map(|blob| blob.size).collect::<Vec<_>>(), [1, 2, 4]);
    for table in ["folder", "document", "facet"] {
        let sql = format!("select count(*) from {table} where org = $1 and binder = $2");
        let values = params![world.scope.owner(), tree.binder];
        let mut row = world.store.query_opt(sql, values).await.unwrap().unwrap();
        assert_eq!(row.take::<i64>(0).unwrap(), 0, "{table}");
    }
    let again = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    assert!(again > other, "an internal key was given again");
}

async fn seen_of(world: &World) -> (i64, i64) {
    let usage = usage::load(&world.store, &world.scope).await.unwrap();
    (usage.documents, usage.versions)
}

async fn trashing_ends_what_is_remembered(database: TestDatabase) {
    let world = World::on(database).await;
    let tree = tree(&world).await;
    let numbers = async || {
        let (db, scope) = (&world.store, &world.scope);
        let binder = changes::number(db, scope, tree.binder).await.unwrap();
        (binder, changes::number(db, scope, changes::ORGANIZATION).await.unwrap())
    };
    for which in [
        Step::TrashDocument(tree.documents[0].document_key),
        Step::RestoreDocument(tree.documents[0].document_key),
        Step::TrashFolder(tree.tab.key),
        Step::RestoreFolder(tree.tab.key),
        Step::TrashBinder(tree.binder),
        Step::RestoreBinder(tree.binder),
    ] {
        let before = numbers().await;
        assert!(take(&world, which).await);
        let after = numbers().await;
        assert!(before.0 < after.0 && before.1 < after.1, "{which:?}");
    }
}

async fn counters_equal_a_recount_after_random_operations(database: TestDatabase) {
    let world = World::on(database).await;
    let (mut binder_keys, mut places, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..2 {
        let binder = world.binder(&format!("Kv4rnen_{n}"), "Kvarnen").await;
        let tab = world.tab(binder, "Ritningar").await;
        let middle = world.folder(binder, "Arkitekt", tab.as_place()).await;
        let inner = world.folder(binder, "Planer", middle.as_place()).await;
        binder_keys.push(binder);
        places.extend([tab, middle, inner]);
    }
    let mut random = Random(20_261_123);
    let mut taken = std::collections::HashSet::new();
    for _ in 0..200 {
        let place = &places[random.below(places.len())];
        let (binder, folder) = (binder_keys[random.below(2)], place.key);
        let document = keys.get(random.below(keys.len().max(1))).copied().unwrap_or(0);
        let which = match random.below(16) {
            0 => Step::TrashBinder(binder),
            1..=3 => Step::RestoreBinder(binder),
            4 => Step::TrashFolder(folder),
            5..=7 => Step::RestoreFolder(folder),
            8 => Step::TrashDocument(document),
            9 | 10 => Step::RestoreDocument(document),
            _ => {
                if has_folder(&world, place).await {
                    let file = format!("{}.pdf", random.below(6));
                    let bytes = u8::try_from(random.below(9)).unwrap();
                    keys.push(world.commit(place, &file, bytes).await.document_key);
                }
                continue;
            }
        };
        match world.write(move |tx, scope| async move { step(&tx, &scope, which).await }).await {
            Ok(true) => drop(taken.insert(std::mem::discriminant(&which))),
            Ok(false) => {}
            Err(StoreError::Unique(name)) => assert_eq!(name, "document_name_key"),
            Err(error) => panic!("{which:?}: {error}"),
        }
        assert_consistent(&world).await;
    }
    assert!(keys.len() > 20, "{} commits", keys.len());
    assert_eq!(taken.len(), 6, "kinds of steps that changed something");
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}
