//! Documents and their versions.

use bindery_domain::{DocumentId, FileName, Timestamp, VersionId};
use bindery_store::documents::{self, NewDocument};
use bindery_store::{StoreError, usage, versions};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    new_document_is_found_with_what_answers_need,
    folder_lists_each_document_once_however_it_is_cut,
    rows_come_in_the_order_of_the_keys,
    same_name_is_a_new_version_and_the_newest_spelling_stays,
    second_document_of_a_name_is_refused,
    versions_are_listed_oldest_first_however_they_are_cut,
    version_of_another_document_is_not_found,
    another_organizations_documents_are_not_found,
    counters_follow_commits,
);

async fn new_document_is_found_with_what_answers_need(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let folder = world.folder(binder, "Planer", tab.as_place()).await;
    let made = world.commit(&folder, "A-40.pdf", 7).await;
    let found = documents::find(&world.store, &world.scope, made.document).await.unwrap().unwrap();
    assert_eq!((found.key, found.id, &*found.name), (made.document_key, made.document, "A-40.pdf"));
    assert_eq!((found.folder_id, found.binder_id.as_str()), (folder.id, "Kv4rnen_1"));
    assert_eq!((found.binder_key, &*found.tab_type), (binder, "documents"));
    assert_eq!((&*found.created_by, &*found.metadata), ("erp", "[]"));
    assert_eq!((found.latest_id, &*found.latest_label), (made.version, "1"));
    assert!(found.newest < -1_700_000_000_000_000);
    let absent = documents::find(&world.store, &world.scope, DocumentId::random()).await.unwrap();
    assert_eq!(absent, None);
}

async fn folder_lists_each_document_once_however_it_is_cut(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let elsewhere = world.folder(binder, "Planer", tab.as_place()).await;
    // Equal in order, different in identity: the id decides.
    let spellings = ["résumé.pdf", "résume.pdf", "resumé.pdf"];
    for (n, file) in ["ö.pdf", "b.pdf", "å.pdf", "A.pdf"].iter().chain(&spellings).enumerate() {
        world.commit(&tab, file, u8::try_from(n).unwrap()).await;
    }
    world.commit(&elsewhere, "c.pdf", 9).await;
    let mut lists = Vec::new();
    for limit in 1..9 {
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let (db, place) = (&world.store, after.as_ref());
            let chunk =
                documents::list_of_folder(db, &world.scope, tab.key, place, limit).await.unwrap();
            names.extend(chunk.rows.into_iter().map(|row| row.name));
            after = chunk.next;
            if after.is_none() {
                break;
            }
        }
        lists.push(names);
    }
    assert!(lists.iter().all(|list| *list == lists[0]), "{lists:?}");
    assert_eq!(lists[0].len(), 7);
    assert_eq!(lists[0][..2], ["A.pdf", "b.pdf"]);
    assert_eq!(lists[0][5..], ["å.pdf", "ö.pdf"]);
}

async fn rows_come_in_the_order_of_the_keys(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let mut keys = Vec::new();
    for n in 0..5 {
        keys.push(world.commit(&tab, &format!("{n}.pdf"), n).await.document_key);
    }
    let wanted = [keys[3], keys[0], 999_999, keys[4], keys[1]];
    let rows = documents::by_keys(&world.store, &world.scope, &wanted).await.unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["3.pdf", "0.pdf", "4.pdf", "1.pdf"]);
    assert_eq!(documents::by_keys(&world.store, &world.scope, &[]).await.unwrap(), []);
}

async fn same_name_is_a_new_version_and_the_newest_spelling_stays(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let first = world.commit(&tab, "ritning.PDF", 1).await;
    let second = world.commit(&tab, "RITNING.pdf", 2).await;
    assert_eq!(first.document, second.document);
    let found = documents::find(&world.store, &world.scope, first.document).await.unwrap().unwrap();
    assert_eq!(
        (&*found.name, found.latest_id, &*found.latest_label),
        ("RITNING.pdf", second.version, "2")
    );
    let old = versions::find(&world.store, &world.scope, first.document, first.version).await;
    assert_eq!(old.unwrap().unwrap().file_name, "ritning.PDF");
}

async fn second_document_of_a_name_is_refused(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    world.commit(&tab, "a.pdf", 1).await;
    let clash = world
        .write(move |tx, scope| async move {
            let name = FileName::parse("A.PDF").unwrap();
            let new = NewDocument {
                id: DocumentId::random(),
                binder_key: binder,
                tab_key: tab.key,
                folder_key: tab.key,
                created: Timestamp(5),
                name: &name,
                created_by: "erp",
            };
            documents::insert(&tx, &scope, &new).await
        })
        .await;
    assert!(
        matches!(&clash, Err(StoreError::Unique(name)) if name == "document_name_key"),
        "{clash:?}"
    );
}

async fn versions_are_listed_oldest_first_however_they_are_cut(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let mut made = Vec::new();
    for n in 0..5 {
        made.push(world.commit(&tab, "a.pdf", n).await);
    }
    for limit in 1..7 {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let (db, key) = (&world.store, made[0].document_key);
            let chunk =
                versions::list_of_document(db, &world.scope, key, after, limit).await.unwrap();
            ids.extend(chunk.rows.into_iter().map(|row| row.id));
            after = chunk.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(ids, made.iter().map(|made| made.version).collect::<Vec<_>>(), "{limit}");
    }
}

async fn version_of_another_document_is_not_found(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let one = world.commit(&tab, "a.pdf", 1).await;
    let other = world.commit(&tab, "b.pdf", 2).await;
    let find = async |document, version| {
        versions::find(&world.store, &world.scope, document, version).await.unwrap()
    };
    let found = find(one.document, one.version).await.unwrap();
    assert_eq!(
        (found.key, found.document_id, found.binder_key),
        (one.version_key, one.document, binder)
    );
    assert_eq!((found.blob.size, found.blob.sha256, found.blob.key), (1, [1; 32], one.blob_key));
    assert_eq!(
        (found.folder_id, &*found.tab_type, &*found.document_created_by),
        (tab.id, "documents", "erp")
    );
    assert_eq!(find(one.document, other.version).await, None);
    assert_eq!(find(one.document, VersionId::random()).await, None);
    let (db, scope) = (&world.store, &world.scope);
    assert_eq!(versions::find_by_id(db, scope, one.version).await.unwrap(), Some(found.clone()));
    assert_eq!(versions::find_by_key(db, scope, one.version_key).await.unwrap(), Some(found));
    let needed = versions::of_blob(db, scope, one.blob_key).await.unwrap();
    assert_eq!((needed.len(), needed[0].version_id), (1, one.version));
}

async fn another_organizations_documents_are_not_found(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    let made = world.commit(&tab, "a.pdf", 1).await;
    let (db, other) = (&world.store, world.other_organization().await);
    assert_eq!(documents::find(db, &other, made.document).await.unwrap(), None);
    assert_eq!(documents::by_keys(db, &other, &[made.document_key]).await.unwrap(), []);
    let listed = documents::list_of_folder(db, &other, tab.key, None, 9).await.unwrap();
    assert!(listed.rows.is_empty());
    let (document, version) = (made.document, made.version);
    assert_eq!(versions::find(db, &other, document, version).await.unwrap(), None);
    assert_eq!(versions::find_by_id(db, &other, version).await.unwrap(), None);
    assert_eq!(versions::find_by_key(db, &other, made.version_key).await.unwrap(), None);
    let listed = versions::list_of_document(db, &other, made.document_key, None, 9).await.unwrap();
    assert!(listed.rows.is_empty());
}

async fn counters_follow_commits(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    for (file, bytes) in [("a", 10), ("b", 20), ("a", 20), ("c", 10)] {
        world.commit(&tab, file, bytes).await;
    }
    let counted = usage::load(&world.store, &world.scope).await.unwrap();
    assert_eq!((counted.documents, counted.versions, counted.bytes), (3, 4, 30));
    assert_eq!(counted, usage::recount(&world.store, &world.scope).await.unwrap());
}
