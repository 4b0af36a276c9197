//! The commit: received bytes become a version of a document.

mod write;

use std::sync::Arc;
use std::time::Duration;

use bindery_domain::{
    ClientId, FieldErrors, FileName, GivenValue, Refusal, Scope, UploadId, VersionLabel,
};
use bindery_store::StoreError;
use bindery_store::folders::FolderRow;
use bindery_store::versions::VersionRow;

use super::{ActionError, RequestDigest};
use crate::app::App;

/// How long an idempotency key is kept.
pub(super) const KEY_LIFE: Duration = Duration::from_secs(24 * 3600);
/// How often a commit is tried that clashes with those of other nodes.
const TRIES: u32 = 5;

/// What a caller wants to commit, its fields checked as far as that goes without the schema.
#[derive(Debug, Clone)]
pub struct CommitUpload {
    /// The name of the file.
    pub file_name: FileName,
    /// The label; `None` asks for the next number.
    pub version: Option<String>,
    /// The upload; `None` when the text cannot be the id of one.
    pub upload_id: Option<UploadId>,
    /// The metadata that is set, in the order given.
    pub metadata: Vec<GivenValue>,
}

/// The value of `Idempotency-Key` and what tells its request from another.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The key as the client sent it.
    pub key: String,
    /// Digest of method, path and body.
    pub request: [u8; 32],
}

impl CommitUpload {
    /// Checks what needs neither upload nor schema.
    ///
    /// # Errors
    /// The offending fields, as the contract spells them.
    pub fn new(
        file_name: Option<String>,
        version: Option<String>,
        upload_id: Option<String>,
        metadata: Vec<GivenValue>,
    ) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        let file_name = match file_name.map(|name| FileName::parse(&name)) {
            Some(Ok(name)) => Some(name),
            Some(Err(why)) => {
                errors.add("fileName", why);
                None
            }
            None => {
                errors.add("fileName", "a file name is needed");
                None
            }
        };
        if upload_id.is_none() {
            errors.add("uploadId", "the id of an upload is needed");
        }
        // The label needs the document for its number only; what is wrong with it is wrong for any.
        let global = metadata.iter().find(|given| given.element == "GLOBAL_Version");
        let global = global.map(|given| given.value.as_str());
        if let Err(wrong) = VersionLabel::choose(version.as_deref(), global, 0) {
            wrong.0.into_iter().for_each(|(field, messages)| {
                messages.into_iter().for_each(|message| errors.add(field.clone(), message));
            });
        }
        match file_name {
            Some(file_name) if errors.is_empty() => {
                let upload_id = upload_id.and_then(|id| id.parse().ok());
                Ok(Self { file_name, version, upload_id, metadata })
            }
            _ => Err(Refusal::Invalid(errors)),
        }
    }

    /// What tells this request from another for the same upload: all that it says, and where to.
    fn digest(&self, folder: &FolderRow) -> [u8; 32] {
        let digest = RequestDigest::new()
            .part(&folder.id.bytes())
            .part(self.file_name.as_str().as_bytes())
            .optional(self.version.as_deref());
        let with_metadata = self.metadata.iter().fold(digest, |digest, given| {
            digest.part(given.element.as_bytes()).optional(Some(&given.value))
        });
        with_metadata.finish()
    }
}

/// Makes a version of an upload, in one transaction that is durable when this returns.
///
/// The same commit again answers the same version, whatever has happened to the schema since.
///
/// # Errors
/// `NotFound` for an upload that is not the client's, `Conflict` for one that is not ready or was committed otherwise,
/// `Invalid` for metadata that the schema refuses, `KeyReused` and `InProgress` for idempotency keys. A refusal
/// changes nothing.
pub async fn commit_upload(
    app: &App,
    scope: &Scope,
    client: &ClientId,
    folder: &FolderRow,
    input: CommitUpload,
    key: Option<IdempotencyKey>,
) -> Result<VersionRow, ActionError> {
    let running = match &key {
        Some(key) => Some(
            app.running_keys.take(scope.owner(), client, &key.key).ok_or(Refusal::InProgress)?,
        ),
        None => None,
    };
    let request = input.digest(folder);
    let work = Arc::new(write::Commit {
        scope: *scope,
        client: client.clone(),
        folder: folder.clone(),
        input,
        key,
        request,
        clock: app.clock.clone(),
        schemas: app.schemas.clone(),
    });
    let mut tries = 1;
    let version = loop {
        let work = Arc::clone(&work);
        let answer = app.store.write(move |tx| {
            let work = work.clone();
            async move { work.run(&tx).await }
        });
        match answer.await {
            // Another node made the document, or used the key, a moment ago: now it is there to be found.
            Err(ActionError::Store(StoreError::Unique(name)))
                if tries < TRIES && write::RACES.contains(&name.as_str()) => {}
            answer => break answer?,
        }
        tries += 1;
    };
    drop(running);
    app.bell.ring_for_commit();
    Ok(version)
}
