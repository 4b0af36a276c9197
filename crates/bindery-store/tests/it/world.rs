//! A database with one organization, and short ways to fill it.

use std::sync::atomic::{AtomicI64, Ordering};

use bindery_domain::{
    BinderId, BlobId, DocumentId, FileName, FolderId, Metadata, ObjectName, OrganizationId, Scope,
    Timestamp, VersionId,
};
use bindery_store::changes::{self, Changes};
use bindery_store::folders::{self, FolderRow, NewFolder, Place};
use bindery_store::search::index::{self, Indexed, Subject};
use bindery_store::{
    Query, Store, StoreError, Tx, binders, blobs, documents, journal, organizations, params,
    schema, versions,
};

use crate::database::TestDatabase;

/// A database with one organization.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) scope: Scope,
    pub(crate) organization: OrganizationId,
    clock: AtomicI64,
    _database: TestDatabase,
}

/// What [`World::commit`] made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Committed {
    pub(crate) document: DocumentId,
    pub(crate) document_key: i64,
    pub(crate) version: VersionId,
    pub(crate) version_key: i64,
    pub(crate) blob_key: i64,
}

impl World {
    /// An organization in a fresh database.
    pub(crate) async fn on(database: TestDatabase) -> Self {
        let store = database.store.clone();
        let organization = OrganizationId::random();
        let scope = add_organization(&store, organization, "Exempel").await;
        let clock = AtomicI64::new(1_700_000_000_000_000);
        Self { store, scope, organization, clock, _database: database }
    }

    /// Runs a change of the organization.
    pub(crate) async fn write<F, Fut, T>(&self, change: F) -> Result<T, StoreError>
    where
        F: Fn(Tx, Scope) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
        T: Send + 'static,
    {
        let scope = self.scope;
        self.store.write(move |tx| change(tx, scope)).await
    }

    /// Runs one statement that changes what no function would.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        let write = move |tx: Tx| async move { tx.query(sql, params![]).await.map(drop) };
        self.store.write::<_, _, _, StoreError>(write).await.unwrap();
    }

    /// Another organization in the same database.
    pub(crate) async fn other_organization(&self) -> Scope {
        add_organization(&self.store, OrganizationId::random(), "En annan").await
    }

    /// The next second.
    pub(crate) fn tick(&self) -> Timestamp {
        Timestamp(self.clock.fetch_add(1_000_000, Ordering::Relaxed))
    }

    /// Makes a binder and returns its key.
    pub(crate) async fn binder(&self, id: &str, label: &str) -> i64 {
        let new = binders::NewBinder {
            id: id.parse::<BinderId>().unwrap(),
            name: name(label),
            binder_type: "project".to_owned(),
            created: self.tick(),
        };
        let write = move |tx, scope| {
            let new = new.clone();
            async move { binders::insert(&tx, &scope, &new).await }
        };
        self.write(write).await.unwrap()
    }

    /// Makes a tab.
    pub(crate) async fn tab(&self, binder_key: i64, label: &str) -> FolderRow {
        self.folder(binder_key, label, Place::Tab("documents".to_owned())).await
    }

    /// Makes a folder.
    pub(crate) async fn folder(&self, binder_key: i64, label: &str, place: Place) -> FolderRow {
        let id = FolderId::random();
        let new = NewFolder { id, binder_key, place, name: name(label), created: self.tick() };
        let write = move |tx, scope| {
            let new = new.clone();
            async move { folders::insert(&tx, &scope, &new).await }
        };
        self.write(write).await.unwrap();
        folders::find_by_id(&self.store, &self.scope, id).await.unwrap().unwrap()
    }

    /// Commits bytes under a name, as the API's commit does.
    pub(crate) async fn commit(&self, folder: &FolderRow, file: &str, bytes: u8) -> Committed {
        let (clock, folder) = (self.tick(), folder.clone());
        let name = FileName::parse(file).unwrap();
        let write = move |tx, scope| {
            let (folder, name) = (folder.clone(), name.clone());
            async move { commit(&tx, &scope, clock, &folder, &name, bytes).await }
        };
        self.write(write).await.unwrap()
    }
}

/// A name of anything but a file.
pub(crate) fn name(text: &str) -> ObjectName {
    ObjectName::parse(text).unwrap()
}

async fn add_organization(store: &Store, id: OrganizationId, label: &str) -> Scope {
    let new = organizations::NewOrganization { id, name: name(label), created: Timestamp(1) };
    let write = move |tx: Tx| {
        let new = new.clone();
        async move { organizations::insert(&tx, &new).await }
    };
    Scope::own(store.write(write).await.unwrap())
}

async fn commit(
    tx: &Tx,
    scope: &Scope,
    clock: Timestamp,
    folder: &FolderRow,
    name: &FileName,
    bytes: u8,
) -> Result<Committed, StoreError> {
    let mut changes = Changes::default();
    let created = journal::now(tx, scope, clock).await?;
    let (sha256, size) = ([bytes; 32], i64::from(bytes));
    let blob_key = match blobs::find_equal(tx, scope, &sha256, size).await? {
        Some(equal) => equal.key,
        None => {
            changes.usage.bytes += size;
            let new = blobs::NewBlob { id: BlobId::random(), size, sha256, created };
            blobs::insert(tx, scope, &new).await?
        }
    };
    let found = documents::find_by_name(tx, scope, folder.key, &name.identity()).await?;
    let schema = schema::load(tx, scope, folder.binder_key).await?;
    let indexed = |key: i64, newest: i64, name: &FileName, label: &str| {
        let metadata = Metadata::default();
        let subject = Subject {
            document: key,
            binder: folder.binder_key,
            tab: folder.tab_key,
            newest,
            name,
            label,
            created_by: "erp",
            metadata: &metadata,
        };
        Indexed::of(&schema, &subject)
    };
    let version = VersionId::random();
    let (document, document_key, number, newest, was) = match found {
        Some(found) => {
            let was = FileName::parse(&found.name).unwrap();
            let was = indexed(found.key, found.newest, &was, &found.latest_label)?;
            documents::rename(tx, scope, found.key, name).await?;
            (found.id, found.key, found.versions + 1, found.newest, Some(was))
        }
        None => {
            changes.usage.documents += 1;
            let id = DocumentId::random();
            let new = documents::NewDocument {
                id,
                binder_key: folder.binder_key,
                tab_key: folder.tab_key,
                folder_key: folder.key,
                created,
                name,
                created_by: "erp",
            };
            (id, documents::insert(tx, scope, &new).await?, 1, -created.0, None)
        }
    };
    changes.usage.versions += 1;
    let label = number.to_string();
    let new = versions::NewVersion {
        id: version,
        document_key,
        number,
        blob_key,
        file_name: name.as_str(),
        label: &label,
        metadata: "[]",
        created,
        created_by: "erp",
    };
    let version_key = versions::insert(tx, scope, &new).await?;
    let latest = documents::Latest {
        version_key,
        version_id: version,
        number,
        label: &label,
        greatest_label: number,
        metadata: "[]",
        modified: created,
    };
    documents::set_latest(tx, scope, document_key, &latest).await?;
    let is = indexed(document_key, newest, name, &label)?;
    match was {
        Some(was) => index::replace(tx, scope, &was, &is).await?,
        None => index::insert(tx, scope, &is).await?,
    }
    changes.touch(folder.binder_key);
    changes::apply(tx, scope, &changes).await?;
    Ok(Committed { document, document_key, version, version_key, blob_key })
}
