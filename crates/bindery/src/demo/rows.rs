//! The rows of the demonstration's documents: as a commit would have written them, many at a time.

use bindery_domain::{DocumentId, VersionId};
use bindery_store::bulk::{self, BulkDocument, BulkVersion};
use bindery_store::changes::{self, Changes};
use bindery_store::journal::{self, Entry};
use bindery_store::{StoreError, Tx};
use serde_json::json;

use super::documents::{Document, Version};
use super::load::{Ground, Place};
use super::{ids, structure};

/// Writes documents, versions, journal and counters; the search tables come at the end of the load.
pub(super) async fn write(tx: &Tx, ground: &Ground, chunk: &[Document]) -> Result<(), StoreError> {
    let versions = chunk.iter().map(|document| document.versions.len()).sum();
    let (document_keys, version_keys) = bulk::new_keys(tx, chunk.len(), versions).await?;
    let mut version_keys = version_keys.into_iter();
    let mut changes = Changes::default();
    let mut documents = Vec::with_capacity(chunk.len());
    let mut entries = Vec::with_capacity(chunk.len() * 2);
    for (document, document_key) in chunk.iter().zip(document_keys) {
        let place = ground
            .places
            .get(&(document.binder, document.path.clone()))
            .ok_or_else(|| StoreError::Corrupt(format!("no folder {}", document.path)))?;
        changes.touch(place.binder_key);
        changes.usage.documents += 1;
        let mut versions = Vec::with_capacity(document.versions.len());
        for (index, version) in document.versions.iter().enumerate() {
            changes.usage.versions += 1;
            entries.push(entry(ground, place, document, index, version));
            versions.push(BulkVersion {
                key: version_keys.next().unwrap_or_default(),
                id: version_id(document, index),
                blob_key: ground.blobs[version.file].key,
                label: version.label.clone(),
                metadata: version.metadata.to_json(),
                created: version.created,
                created_by: document.created_by,
            });
        }
        documents.push(BulkDocument {
            key: document_key,
            id: document_id(document),
            binder_key: place.binder_key,
            tab_key: place.tab_key,
            folder_key: place.folder_key,
            created: document.versions[0].created,
            name: document.name.clone(),
            created_by: document.created_by,
            greatest_label: document.greatest_label,
            versions,
        });
    }
    bulk::insert_documents(tx, &ground.scope, documents).await?;
    journal::append_bulk(tx, &ground.scope, &entries).await?;
    changes::apply(tx, &ground.scope, &changes).await
}

fn document_id(document: &Document) -> DocumentId {
    DocumentId::from_bytes(ids::guid("document", document.number))
}

fn version_id(document: &Document, index: usize) -> VersionId {
    VersionId::from_bytes(ids::guid("version", document.number * 16 + index as u64))
}

/// The entry that a commit of this version makes.
fn entry(
    ground: &Ground,
    place: &Place,
    document: &Document,
    index: usize,
    version: &Version,
) -> Entry {
    let name = document.name.as_str();
    let before = index.checked_sub(1).map(|earlier| {
        let label = &document.versions[earlier].label;
        json!({ "name": name, "version": version_id(document, earlier).to_string(), "label": label })
    });
    let blob = &ground.blobs[version.file];
    let digest: String = blob.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let after = json!({
        "binder": structure::binder_id(document.binder).as_str(), "folder": place.folder_id.to_string(),
        "name": name, "version": version_id(document, index).to_string(), "label": version.label,
        "size": blob.size, "sha256": digest,
    });
    let verb = if index == 0 { "document.create" } else { "document.add_version" };
    Entry {
        at: version.created,
        actor: document.created_by.to_owned(),
        verb: verb.to_owned(),
        object_kind: "document".to_owned(),
        object: document_id(document).to_string(),
        before: before.map(|json| json.to_string()),
        after: Some(after.to_string()),
    }
}
