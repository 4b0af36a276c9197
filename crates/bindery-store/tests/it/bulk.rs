//! Rows in bulk: the same as one at a time.

use bindery_domain::{BlobId, DocumentId, FileName, Timestamp, VersionId};
use bindery_store::blobs::{self, NewBlob};
use bindery_store::bulk::{self, BulkDocument, BulkVersion};
use bindery_store::journal::{self, Entry, Verified};
use bindery_store::{documents, search, usage, versions};

use crate::database::TestDatabase;
use crate::world::World;

crate::on_both_engines!(
    documents_in_bulk_are_found_and_others_come_after_them,
    entries_in_bulk_continue_the_chain,
);

/// Documents of the load; more than one statement takes.
const COUNT: usize = 230;

fn document(key: i64, place: &[i64; 3], number: i64, versions: Vec<BulkVersion>) -> BulkDocument {
    BulkDocument {
        key,
        id: DocumentId::random(),
        binder_key: place[0],
        tab_key: place[1],
        folder_key: place[2],
        created: Timestamp(1_000 + number * 10),
        name: FileName::parse(&format!("A-40.1-{number:04}.pdf")).unwrap(),
        created_by: "erp",
        greatest_label: 2,
        versions,
    }
}

fn version(key: i64, blob_key: i64, label: i64, created: i64) -> BulkVersion {
    BulkVersion {
        key,
        id: VersionId::random(),
        blob_key,
        label: label.to_string(),
        metadata: "[]".to_owned(),
        created: Timestamp(created),
        created_by: "erp",
    }
}

async fn documents_in_bulk_are_found_and_others_come_after_them(database: TestDatabase) {
    let world = World::on(database).await;
    let binder = world.binder("Kv4rnen_1", "Kvarnen 1").await;
    let tab = world.tab(binder, "Ritningar").await;
    world.commit(&tab, "before.pdf", 1).await;
    let place = [binder, tab.tab_key, tab.key];
    world
        .write(move |tx, scope| async move {
            let new =
                NewBlob { id: BlobId::random(), size: 3, sha256: [7; 32], created: Timestamp(1) };
            let blob_key = blobs::insert(&tx, &scope, &new).await?;
            let (document_keys, version_keys) = bulk::new_keys(&tx, COUNT, COUNT * 2).await?;
            let mut rows = Vec::new();
            for ((number, key), pair) in (1_i64..).zip(document_keys).zip(version_keys.chunks(2)) {
                let at = 1_000 + number * 10;
                let both =
                    vec![version(pair[0], blob_key, 1, at), version(pair[1], blob_key, 2, at + 1)];
                rows.push(document(key, &place, number, both));
            }
            bulk::insert_documents(&tx, &scope, rows).await
        })
        .await
        .unwrap();
    let list =
        documents::list_of_folder(&world.store, &world.scope, tab.key, None, 1_000).await.unwrap();
    assert_eq!(list.rows.len(), COUNT + 1);
    let first = list.rows.iter().find(|row| row.name == "A-40.1-0001.pdf").unwrap();
    assert_eq!((first.latest_label.as_str(), first.newest), ("2", -1_010));
    let of_first =
        versions::list_of_document(&world.store, &world.scope, first.key, None, 10).await.unwrap();
    assert_eq!(of_first.rows.len(), 2);
    // Whoever commits next gets keys of its own.
    world.commit(&tab, "after.pdf", 2).await;
    let counted = usage::recount(&world.store, &world.scope).await.unwrap();
    assert_eq!(counted.versions, i64::try_from(COUNT * 2 + 2).unwrap());
    // Search tables can be emptied and filled from the rows.
    world.write(|tx, scope| async move { bulk::clear_search(&tx, &scope).await }).await.unwrap();
    search::bulk::fill(&world.store, &world.scope, |_| {}).await.unwrap();
}

async fn entries_in_bulk_continue_the_chain(database: TestDatabase) {
    let world = World::on(database).await;
    world
        .write(|tx, scope| async move {
            let entry = |n: i64| Entry {
                at: Timestamp(n),
                actor: "erp".to_owned(),
                verb: "document.create".to_owned(),
                object_kind: "document".to_owned(),
                object: n.to_string(),
                before: None,
                after: Some(format!(r#"{{"n":{n}}}"#)),
            };
            journal::append(&tx, &scope, &entry(1)).await?;
            let many: Vec<Entry> = (2..=251).map(entry).collect();
            journal::append_bulk(&tx, &scope, &many).await?;
            journal::append(&tx, &scope, &entry(252)).await?;
            // Where no transaction seals its own.
            journal::seal(&tx, &scope, 10).await
        })
        .await
        .unwrap();
    let verified = journal::verify(&world.store, &world.scope).await.unwrap();
    assert!(matches!(verified, Verified::Intact(head) if head.seq == 252), "{verified:?}");
}
