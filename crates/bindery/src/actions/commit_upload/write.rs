//! The transaction of a commit. Locks are taken in one order: folder, upload, document, blob, counters.

use bindery_domain::{
    ClientId, DocumentId, FieldErrors, FileName, Kind, Metadata, Refusal, Schema, Scope, Timestamp,
    VersionId, VersionLabel,
};
use bindery_store::blobs::NewBlob;
use bindery_store::changes::Changes;
use bindery_store::documents::{self, Latest, LockedDocument, NewDocument};
use bindery_store::folders::FolderRow;
use bindery_store::idempotency::{self, IdempotencyRow};
use bindery_store::jobs::Priority;
use bindery_store::journal::{self, Entry};
use bindery_store::schema::SchemaCache;
use bindery_store::search::index::{self, Indexed, Subject};
use bindery_store::uploads::{self, Claim, ReceivedBytes};
use bindery_store::versions::{self, NewVersion, VersionRow};
use bindery_store::{StoreError, Tx, blobs, books};
use serde_json::json;

use super::{CommitUpload, IdempotencyKey, KEY_LIFE};
use crate::actions::ActionError;
use crate::clock::Clock;
use crate::previews::Part;

/// The name of the clash of two nodes over an idempotency key.
const KEY_RACE: &str = "idempotency_key";
/// What two nodes can clash over: the one that comes second begins anew, and finds what the first has made.
pub(super) const RACES: [&str; 2] = ["document_name_key", KEY_RACE];

/// All that the transaction needs. It may run again, so nothing here changes.
pub(super) struct Commit {
    pub(super) scope: Scope,
    pub(super) client: ClientId,
    pub(super) folder: FolderRow,
    pub(super) input: CommitUpload,
    pub(super) key: Option<IdempotencyKey>,
    pub(super) request: [u8; 32],
    pub(super) clock: Clock,
    pub(super) schemas: SchemaCache,
}

/// The document that gets the version: as it was, if it was, and what its new version will say.
struct Target {
    before: Option<LockedDocument>,
    name: FileName,
    metadata: Metadata,
    label: VersionLabel,
}

impl Commit {
    pub(super) async fn run(&self, tx: &Tx) -> Result<VersionRow, ActionError> {
        let clock = self.clock.now();
        if let Some(version) = self.find_by_key(tx, clock).await? {
            return self.load(tx, version).await;
        }
        let upload = self.input.upload_id.ok_or(Refusal::NotFound(Kind::Upload))?;
        let (upload_key, bytes) =
            match uploads::claim(tx, &self.scope, upload, &self.client, clock).await? {
                Claim::Gone => return Err(Refusal::NotFound(Kind::Upload).into()),
                Claim::NotReceived => {
                    return Err(Refusal::Conflict("nothing was PUT to the upload's URL yet").into());
                }
                Claim::Committed { request, version_key } if request == self.request => {
                    self.keep_key(tx, version_key, clock).await?;
                    return self.load(tx, version_key).await;
                }
                Claim::Committed { .. } => {
                    return Err(
                        Refusal::Conflict("the upload was committed with another request").into()
                    );
                }
                Claim::Ready { key, bytes } => (key, bytes),
            };
        let schema_change = self.folder.schema_change;
        let schema =
            self.schemas.load(tx, &self.scope, self.folder.binder_key, schema_change).await?;
        let target = self.target(tx, &schema).await?;
        let at = journal::now(tx, &self.scope, clock).await?;
        let version_key = self.write(tx, &schema, &target, &bytes, at).await?;
        if !uploads::commit(tx, &self.scope, upload_key, clock, &self.request, version_key).await? {
            return Err(Refusal::NotFound(Kind::Upload).into());
        }
        self.keep_key(tx, version_key, clock).await?;
        self.load(tx, version_key).await
    }

    /// The version that the idempotency key made before.
    async fn find_by_key(&self, tx: &Tx, now: Timestamp) -> Result<Option<i64>, ActionError> {
        let Some(key) = &self.key else { return Ok(None) };
        match idempotency::find(tx, &self.scope, &self.client, &key.key, now).await? {
            Some(row) if row.request == key.request => Ok(Some(row.version_key)),
            Some(_) => Err(Refusal::KeyReused.into()),
            None => Ok(None),
        }
    }

    async fn keep_key(&self, tx: &Tx, version_key: i64, now: Timestamp) -> Result<(), StoreError> {
        let Some(key) = &self.key else { return Ok(()) };
        let row = IdempotencyRow { request: key.request, version_key };
        let life = i64::try_from(KEY_LIFE.as_secs()).unwrap_or(i64::MAX);
        let times = (now, now.plus_secs(life));
        let is_kept =
            idempotency::insert(tx, &self.scope, (&self.client, &key.key), &row, times).await?;
        if is_kept { Ok(()) } else { Err(StoreError::Unique(KEY_RACE.to_owned())) }
    }

    async fn load(&self, tx: &Tx, version_key: i64) -> Result<VersionRow, ActionError> {
        let version = versions::find_by_key(tx, &self.scope, version_key).await?;
        version.ok_or_else(|| Refusal::NotFound(Kind::Version).into())
    }

    /// Finds the document of the name and works out what its new version says.
    async fn target(&self, tx: &Tx, schema: &Schema) -> Result<Target, ActionError> {
        let name = self.input.file_name.clone();
        let before =
            documents::find_by_name(tx, &self.scope, self.folder.key, &name.identity()).await?;
        let previous =
            before.as_ref().map(|document| stored_metadata(&document.metadata)).transpose()?;
        let applied =
            schema.apply(previous.as_ref(), &self.input.metadata).map_err(Refusal::Invalid)?;
        let greatest = before.as_ref().map_or(0, |document| document.greatest_label);
        let label = VersionLabel::choose(
            self.input.version.as_deref(),
            applied.global_version.as_deref(),
            greatest,
        );
        let label = label.map_err(|errors: FieldErrors| Refusal::Invalid(errors))?;
        Ok(Target { before, name, metadata: applied.metadata, label })
    }

    /// Writes all rows of the version and returns its key.
    async fn write(
        &self,
        tx: &Tx,
        schema: &Schema,
        target: &Target,
        bytes: &ReceivedBytes,
        at: Timestamp,
    ) -> Result<i64, ActionError> {
        let mut changes = Changes::default();
        changes.touch(self.folder.binder_key);
        changes.usage.versions += 1;
        let (document_key, document_id, number, newest) = match &target.before {
            Some(document) => (document.key, document.id, document.versions + 1, document.newest),
            None => {
                changes.usage.documents += 1;
                let id = DocumentId::random();
                (self.insert_document(tx, id, &target.name, at).await?, id, 1, -at.0)
            }
        };
        let blob_key = self.join_or_insert_blob(tx, bytes, at, &mut changes).await?;
        let metadata = target.metadata.to_json();
        let version = NewVersion {
            id: VersionId::random(),
            document_key,
            number,
            blob_key,
            file_name: target.name.as_str(),
            label: &target.label.text,
            metadata: &metadata,
            created: at,
            created_by: self.client.as_str(),
        };
        let version_key = versions::insert(tx, &self.scope, &version).await?;
        let latest = Latest {
            version_key,
            version_id: version.id,
            number,
            label: &target.label.text,
            greatest_label: target.label.greatest,
            metadata: &metadata,
            modified: at,
        };
        documents::set_latest(tx, &self.scope, document_key, &latest).await?;
        if let Some(before) =
            target.before.as_ref().filter(|before| before.name != target.name.as_str())
        {
            documents::rename(tx, &self.scope, before.key, &target.name).await?;
        }
        self.index(tx, schema, target, (document_key, newest)).await?;
        let entry = self.entry(target, document_id, &version, bytes);
        books::close(tx, &self.scope, &entry, &changes).await?;
        Ok(version_key)
    }

    async fn insert_document(
        &self,
        tx: &Tx,
        id: DocumentId,
        name: &FileName,
        created: Timestamp,
    ) -> Result<i64, StoreError> {
        let new = NewDocument {
            id,
            binder_key: self.folder.binder_key,
            tab_key: self.folder.tab_key,
            folder_key: self.folder.key,
            created,
            name,
            created_by: self.client.as_str(),
        };
        documents::insert(tx, &self.scope, &new).await
    }

    /// The blob that the version needs: a live one with the same bytes, else the one just received.
    ///
    /// The copy that is not needed gets a row that is dead from the start, so that the sweeper removes its bytes.
    async fn join_or_insert_blob(
        &self,
        tx: &Tx,
        bytes: &ReceivedBytes,
        created: Timestamp,
        changes: &mut Changes,
    ) -> Result<i64, StoreError> {
        let received = NewBlob { id: bytes.blob, size: bytes.size, sha256: bytes.sha256, created };
        match blobs::find_equal(tx, &self.scope, &bytes.sha256, bytes.size).await? {
            Some(live) => {
                blobs::insert_dead(tx, &self.scope, &received).await?;
                Ok(live.key)
            }
            None => {
                changes.usage.bytes += bytes.size;
                let key = blobs::insert(tx, &self.scope, &received).await?;
                // Equal bytes share a preview, so that those which are joined need no job.
                let urgency = (Priority::Changed, created);
                Part::Overview.enqueue(tx, &self.scope, key, urgency).await?;
                Ok(key)
            }
        }
    }

    /// What the journal says of it.
    fn entry(
        &self,
        target: &Target,
        document: DocumentId,
        version: &NewVersion<'_>,
        bytes: &ReceivedBytes,
    ) -> Entry {
        let before = target.before.as_ref().map(|document| {
            json!({ "name": document.name, "version": document.latest_id.to_string(), "label": document.latest_label })
        });
        let digest: String = bytes.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let after = json!({
            "binder": self.folder.binder_id.to_string(), "folder": self.folder.id.to_string(),
            "name": version.file_name, "version": version.id.to_string(), "label": version.label,
            "size": bytes.size, "sha256": digest,
        });
        Entry {
            at: version.created,
            actor: self.client.as_str().to_owned(),
            verb: if target.before.is_some() { "document.add_version" } else { "document.create" }
                .to_owned(),
            object_kind: "document".to_owned(),
            object: document.to_string(),
            before: before.map(|json| json.to_string()),
            after: Some(after.to_string()),
        }
    }

    async fn index(
        &self,
        tx: &Tx,
        schema: &Schema,
        target: &Target,
        (document, newest): (i64, i64),
    ) -> Result<(), ActionError> {
        let indexed = |name: &FileName, label: &str, created_by: &str, metadata: &Metadata| {
            let (binder, tab) = (self.folder.binder_key, self.folder.tab_key);
            Indexed::of(
                schema,
                &Subject { document, binder, tab, newest, name, label, created_by, metadata },
            )
        };
        let Some(before) = &target.before else {
            let new =
                indexed(&target.name, &target.label.text, self.client.as_str(), &target.metadata)?;
            return Ok(index::insert(tx, &self.scope, &new).await?);
        };
        let new = indexed(&target.name, &target.label.text, &before.created_by, &target.metadata)?;
        let old_name = FileName::parse(&before.name).map_err(StoreError::Corrupt)?;
        let old = indexed(
            &old_name,
            &before.latest_label,
            &before.created_by,
            &stored_metadata(&before.metadata)?,
        )?;
        Ok(index::replace(tx, &self.scope, &old, &new).await?)
    }
}

fn stored_metadata(json: &str) -> Result<Metadata, StoreError> {
    Metadata::from_json(json)
        .map_err(|error| StoreError::Corrupt(format!("metadata of a document: {error}")))
}
