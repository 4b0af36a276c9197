//! Prints how many commits of documents a second concurrent writers get from the store alone, beside the syncs a second
//! that one thread gets from the same disk. By hand:
//! `cargo run --release -p bindery-store --example commit_rate [FOLDER] [SECONDS]`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bindery_domain::{
    BlobId, ClientId, DataType, DocumentId, Element, FileName, FolderId, GivenValue, Metadata,
    ObjectName, OrganizationId, Schema, Scope, Timestamp, UploadId, VersionId,
};
use bindery_store::changes::{self, Changes};
use bindery_store::folders::{self, FolderRow, NewFolder, Place};
use bindery_store::search::index::{self, Indexed, Subject};
use bindery_store::uploads::{self, Lease, NewUpload, ReceivedBytes};
use bindery_store::{
    Store, StoreError, StoreSettings, Tx, binders, blobs, documents, journal, migrate,
    organizations, schema, versions,
};

const WRITERS: u64 = 32;
const OWN: [&str; 8] =
    ["Number", "Discipline", "Building", "Floor", "Scale", "Area", "Reviewed", "Sheets"];

/// What every commit needs.
struct World {
    store: Store,
    scope: Scope,
    folder: FolderRow,
    schema: Schema,
    clock: AtomicU64,
}

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let seconds = std::env::args().nth(2).map_or(5, |text| text.parse().unwrap());
    let length = Duration::from_secs(seconds);
    let place = tempfile::tempdir_in(folder).unwrap();
    let syncs = syncs_per_second(place.path());
    let world = Arc::new(World::new(place.path()).await);
    let began = Instant::now();
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let world = Arc::clone(&world);
        tasks.push(tokio::spawn(async move {
            let mut done = 0_u32;
            while began.elapsed() < length {
                world.commit(writer, done).await;
                done += 1;
            }
            done
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    let rate = f64::from(done) / began.elapsed().as_secs_f64();
    println!("{syncs:.0} syncs/s, {rate:.0} commits/s: {:.2}", rate / syncs);
    world.store.close().await.unwrap();
}

/// Appends a page and syncs it, again and again.
fn syncs_per_second(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("syncs")).unwrap();
    let began = Instant::now();
    let mut done = 0_u32;
    while began.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_all().unwrap();
        done += 1;
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}

impl World {
    async fn new(place: &Path) -> Self {
        let settings = StoreSettings::Embedded { file: place.join("bindery.db") };
        let store = Store::open(&settings).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        let name = ObjectName::parse("Exempel").unwrap();
        let id = FolderId::random();
        let make = move |tx: Tx| {
            let name = name.clone();
            async move {
                let created = Timestamp(1);
                let id_of = OrganizationId::random();
                let new = organizations::NewOrganization { id: id_of, name: name.clone(), created };
                let scope = Scope::own(organizations::insert(&tx, &new).await?);
                let new = binders::NewBinder {
                    id: "Binder_01".parse().unwrap(),
                    name: name.clone(),
                    binder_type: "project".to_owned(),
                    created,
                };
                let binder_key = binders::insert(&tx, &scope, &new).await?;
                let place = Place::Tab("documents".to_owned());
                let new = NewFolder { id, binder_key, place, name, created };
                folders::insert(&tx, &scope, &new).await?;
                Ok::<_, StoreError>(scope)
            }
        };
        let scope = store.write(make).await.unwrap();
        let folder = folders::find_by_id(&store, &scope, id).await.unwrap().unwrap();
        let mut schema = schema::load(&store, &scope, folder.binder_key).await.unwrap();
        schema.elements.extend((1_000..).zip(OWN).map(|(key, id)| Element {
            key,
            id: id.parse().unwrap(),
            label: id.to_owned(),
            data_type: DataType::String,
            required: false,
            allowed: Vec::new(),
        }));
        let clock = AtomicU64::new(1_700_000_000_000_000);
        Self { store, scope, folder, schema, clock }
    }

    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(self.clock.fetch_add(1, Ordering::Relaxed)).unwrap())
    }

    /// An upload, and its commit; only the latter is what a rate is wanted of, so the former is one of its statements.
    async fn commit(self: &Arc<Self>, writer: u64, n: u32) {
        let world = Arc::clone(self);
        let made = self.store.write(move |tx| {
            let world = Arc::clone(&world);
            async move { world.write(&tx, writer, n).await }
        });
        made.await.unwrap();
    }

    async fn write(&self, tx: &Tx, writer: u64, n: u32) -> Result<(), StoreError> {
        let (scope, folder, clock) = (&self.scope, &self.folder, self.now());
        let text =
            format!("A-{writer}-{n} Planritning hus {}.pdf", (writer * 7 + u64::from(n)) % 40);
        let name = FileName::parse(&text).unwrap();
        let mut digest = [7; 32];
        digest[..8].copy_from_slice(
            &(writer << 32 | u64::from(n)).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes(),
        );
        let client: ClientId = "erp".parse().unwrap();
        let id = UploadId::random();
        let bytes = ReceivedBytes { blob: BlobId::random(), size: 40, sha256: digest };
        let later = Timestamp(clock.0 + 3_600_000_000);
        let new = NewUpload { id, client: client.clone(), created: clock, expires: later };
        uploads::open(tx, scope, &new).await?;
        uploads::begin_receiving(tx, scope, id, clock, Lease { token: [1; 16], until: later })
            .await?;
        uploads::received(tx, scope, id, [1; 16], &bytes, later).await?;

        let claim = uploads::claim(tx, scope, id, &client, clock).await?;
        let uploads::Claim::Ready { key: upload, .. } = claim else { unreachable!("{claim:?}") };
        documents::find_by_name(tx, scope, folder.key, &name.identity()).await?;
        let given: Vec<GivenValue> = OWN
            .iter()
            .map(|element| GivenValue {
                element: (*element).to_owned(),
                value: format!("{element} {}", n % 50),
            })
            .collect();
        let applied = self.schema.apply(None, &given).unwrap();
        let metadata: Metadata = applied.metadata;
        let created = journal::now(tx, scope, clock).await?;
        let document = DocumentId::random();
        let new = documents::NewDocument {
            id: document,
            binder_key: folder.binder_key,
            tab_key: folder.tab_key,
            folder_key: folder.key,
            created,
            name: &name,
            created_by: "erp",
        };
        let document_key = documents::insert(tx, scope, &new).await?;
        blobs::find_equal(tx, scope, &digest, 40).await?;
        let new = blobs::NewBlob { id: bytes.blob, size: 40, sha256: digest, created };
        let blob_key = blobs::insert(tx, scope, &new).await?;
        let json = metadata.to_json();
        let new = versions::NewVersion {
            id: VersionId::random(),
            document_key,
            number: 1,
            blob_key,
            file_name: name.as_str(),
            label: "1",
            metadata: &json,
            created,
            created_by: "erp",
        };
        let version_key = versions::insert(tx, scope, &new).await?;
        let latest = documents::Latest {
            version_key,
            version_id: new.id,
            number: 1,
            label: "1",
            greatest_label: 1,
            metadata: &json,
            modified: created,
        };
        documents::set_latest(tx, scope, document_key, &latest).await?;
        let entry = journal::Entry {
            at: created,
            actor: "erp".to_owned(),
            verb: "document.create".to_owned(),
            object_kind: "document".to_owned(),
            object: document.to_string(),
            before: None,
            after: Some(json.clone()),
        };
        journal::append(tx, scope, &entry).await?;
        let subject = Subject {
            document: document_key,
            binder: folder.binder_key,
            tab: folder.tab_key,
            newest: -created.0,
            name: &name,
            label: "1",
            created_by: "erp",
            metadata: &metadata,
        };
        index::insert(tx, scope, &Indexed::of(&self.schema, &subject)?).await?;
        let mut made = Changes::default();
        made.touch(folder.binder_key);
        made.usage.documents += 1;
        made.usage.versions += 1;
        made.usage.bytes += 40;
        changes::apply(tx, scope, &made).await?;
        uploads::commit(tx, scope, upload, clock, &digest, version_key).await?;
        versions::find_by_key(tx, scope, version_key).await.map(drop)
    }
}
