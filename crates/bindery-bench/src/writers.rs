//! What the journal and the counters cost on PostgreSQL: 32 writers of one organization, with them and without.
//!
//! The transactions are those of commits, asked of the store itself. Without means: no time of the change, no entry, no
//! sealer, no change number, no usage; the statement that counts facets is sent, since the index sends it, but a rule of that
//! database drops its rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use bindery_domain::{
    BlobId, ClientId, DocumentId, FileName, FolderId, GivenValue, ObjectName, OrganizationId,
    Schema, Scope, Timestamp, UploadId, VersionId,
};
use bindery_store::changes::Changes;
use bindery_store::folders::{self, FolderRow, NewFolder, Place};
use bindery_store::search::index::{self, Indexed, Subject};
use bindery_store::uploads::{self, Claim, Lease, NewUpload, ReceivedBytes};
use bindery_store::{
    Query, Store, StoreError, StoreSettings, Tx, binders, blobs, books, documents, journal,
    migrate, organizations, params, schema, versions,
};

use crate::report::Report;
use crate::requests::median;

const WRITERS: usize = 32;
/// Commits of each writer in a round.
const COMMITS: usize = 60;
const ROUNDS: usize = 5;
/// As often as a node seals.
const SEAL_EVERY: Duration = Duration::from_millis(100);

/// Measures both in turn, each in an empty database of its own.
pub(crate) async fn measure(urls: [&str; 2], report: &mut Report) -> anyhow::Result<()> {
    let books = World::new(urls[0], true).await?;
    let bare = World::new(urls[1], false).await?;
    let sealer = tokio::spawn(seal(books.clone()));
    // The first round fills caches and is not counted.
    let mut pairs = Vec::new();
    for round in 0..=ROUNDS {
        let pair = (books.round().await?, bare.round().await?);
        if round > 0 {
            pairs.push(pair);
        }
    }
    sealer.abort();
    let ratio = median(pairs.iter().map(|(books, bare)| books / bare));
    let rate = median(pairs.iter().map(|(books, _)| *books));
    report.judged(
        "PostgreSQL: 32 writers on one organization, against the same without journal and counters",
        format!("{ratio:.2} x ({rate:.0}/s)"),
        "0.7 x",
        ratio >= 0.7,
    );
    Ok(())
}

/// Gives entries their numbers as long as it runs, as a node does.
async fn seal(world: Arc<World>) {
    let mut ticks = tokio::time::interval(SEAL_EVERY);
    let scope = world.scope;
    loop {
        ticks.tick().await;
        let turn = move |tx: Tx| async move { journal::try_seal(&tx, &scope, 1_000).await };
        while let Ok(1..) = world.store.write::<_, _, _, StoreError>(turn).await {}
    }
}

/// An organization with a binder, and its database.
struct World {
    store: Store,
    scope: Scope,
    folder: FolderRow,
    schema: Schema,
    client: ClientId,
    clock: AtomicU64,
    has_books: bool,
}

/// An upload that waits for its commit.
#[derive(Clone, Copy)]
struct Waiting {
    id: UploadId,
    bytes: ReceivedBytes,
    number: u64,
}

impl World {
    async fn new(url: &str, has_books: bool) -> anyhow::Result<Arc<Self>> {
        let store = Store::open(&StoreSettings::Postgres { url: url.to_owned() }).await?;
        migrate::migrate(&store).await?;
        let name = ObjectName::parse("Exempel").map_err(anyhow::Error::msg)?;
        let id = FolderId::random();
        let make = move |tx: Tx| {
            let name = name.clone();
            async move {
                if !has_books {
                    let rule =
                        "create rule uncounted as on insert to facet_count do instead nothing";
                    tx.query(rule, params![]).await?;
                }
                make_binder(&tx, id, name).await
            }
        };
        let scope = store.write(make).await?;
        let folder = folders::find_by_id(&store, &scope, id).await?.context("the folder")?;
        let schema = schema::load(&store, &scope, folder.binder_key).await?;
        let client = "erp".parse().map_err(anyhow::Error::msg)?;
        let clock = AtomicU64::new(1_700_000_000_000_000);
        Ok(Arc::new(Self { store, scope, folder, schema, client, clock, has_books }))
    }

    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(self.clock.fetch_add(1, Ordering::Relaxed)).unwrap_or(i64::MAX))
    }

    /// Commits in a second of all writers together; their uploads are made before.
    async fn round(self: &Arc<Self>) -> anyhow::Result<f64> {
        let mut batches = Vec::new();
        for _ in 0..WRITERS {
            let world = Arc::clone(self);
            let batch: Vec<_> = std::iter::repeat_with(|| self.waiting()).take(COMMITS).collect();
            let made = batch.clone();
            let open = move |tx: Tx| {
                let (world, made) = (Arc::clone(&world), made.clone());
                async move { world.receive(&tx, &made).await }
            };
            self.store.write(open).await?;
            batches.push(batch);
        }
        let begun = Instant::now();
        let mut running = Vec::new();
        for batch in batches {
            let world = Arc::clone(self);
            running.push(tokio::spawn(async move {
                for waiting in batch {
                    let this = Arc::clone(&world);
                    let commit = move |tx: Tx| {
                        let this = Arc::clone(&this);
                        async move { this.commit(&tx, waiting).await }
                    };
                    world.store.write(commit).await?;
                }
                Ok::<_, StoreError>(())
            }));
        }
        for writer in running {
            writer.await??;
        }
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let commits = (WRITERS * COMMITS) as f64;
        Ok(commits / begun.elapsed().as_secs_f64())
    }

    fn waiting(&self) -> Waiting {
        let number = self.now().0.unsigned_abs();
        let mut sha256 = [7; 32];
        sha256[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let bytes = ReceivedBytes { blob: BlobId::random(), size: 40, sha256 };
        Waiting { id: UploadId::random(), bytes, number }
    }

    async fn receive(&self, tx: &Tx, batch: &[Waiting]) -> Result<(), StoreError> {
        let (scope, now) = (&self.scope, self.now());
        let until = now.plus_secs(3_600);
        for Waiting { id, bytes, .. } in batch {
            let new =
                NewUpload { id: *id, client: self.client.clone(), created: now, expires: until };
            uploads::open(tx, scope, &new).await?;
            let lease = Lease { token: [1; 16], until };
            uploads::begin_receiving(tx, scope, *id, now, lease).await?;
            uploads::received(tx, scope, *id, lease.token, bytes, until).await?;
        }
        Ok(())
    }

    /// The transaction of a commit.
    async fn commit(&self, tx: &Tx, waiting: Waiting) -> Result<(), StoreError> {
        let (scope, folder, clock) = (&self.scope, &self.folder, self.now());
        let claim = uploads::claim(tx, scope, waiting.id, &self.client, clock).await?;
        let Claim::Ready { key: upload, bytes } = claim else {
            return Err(StoreError::Corrupt(format!("an upload is {claim:?}")));
        };
        let n = waiting.number;
        let text = format!("A-{n} Planritning hus {}.pdf", n % 40);
        let name = FileName::parse(&text).map_err(StoreError::Corrupt)?;
        documents::find_by_name(tx, scope, folder.key, &name.identity()).await?;
        let given = [("GLOBAL_Date", format!("2026-01-{:02}", n % 28 + 1))]
            .map(|(element, value)| GivenValue { element: element.to_owned(), value });
        let applied = self.schema.apply(None, &given);
        let metadata =
            applied.map_err(|errors| StoreError::Corrupt(format!("{errors:?}")))?.metadata;
        let created = if self.has_books { journal::now(tx, scope, clock).await? } else { clock };
        let (document, version) = (DocumentId::random(), VersionId::random());
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
        blobs::find_equal(tx, scope, &bytes.sha256, bytes.size).await?;
        let new =
            blobs::NewBlob { id: bytes.blob, size: bytes.size, sha256: bytes.sha256, created };
        let blob_key = blobs::insert(tx, scope, &new).await?;
        let json = metadata.to_json();
        let new = versions::NewVersion {
            id: version,
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
            version_id: version,
            number: 1,
            label: "1",
            greatest_label: 1,
            metadata: &json,
            modified: created,
        };
        documents::set_latest(tx, scope, document_key, &latest).await?;
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
        if self.has_books {
            let entry = journal::Entry {
                at: created,
                actor: "erp".to_owned(),
                verb: "document.create".to_owned(),
                object_kind: "document".to_owned(),
                object: document.to_string(),
                before: None,
                after: Some(json.clone()),
            };
            let mut made = Changes::default();
            made.touch(folder.binder_key);
            made.usage.documents += 1;
            made.usage.versions += 1;
            made.usage.bytes += bytes.size;
            books::close(tx, scope, &entry, &made).await?;
        }
        uploads::commit(tx, scope, upload, clock, &bytes.sha256, version_key).await?;
        versions::find_by_key(tx, scope, version_key).await.map(drop)
    }
}

async fn make_binder(tx: &Tx, id: FolderId, name: ObjectName) -> Result<Scope, StoreError> {
    let created = Timestamp(1);
    let new = organizations::NewOrganization {
        id: OrganizationId::random(),
        name: name.clone(),
        created,
    };
    let scope = Scope::own(organizations::insert(tx, &new).await?);
    let new = binders::NewBinder {
        id: "Binder_01".parse().map_err(|error| StoreError::Corrupt(format!("{error:?}")))?,
        name: name.clone(),
        binder_type: "project".to_owned(),
        created,
    };
    let binder_key = binders::insert(tx, &scope, &new).await?;
    let place = Place::Tab("documents".to_owned());
    folders::insert(tx, &scope, &NewFolder { id, binder_key, place, name, created }).await?;
    Ok(scope)
}
