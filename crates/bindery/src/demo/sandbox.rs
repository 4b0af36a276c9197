//! The contents of a sandbox: the demonstration in its usual size, in an organization of a visitor's own.
//!
//! All ids but those of the organization and its client are the demonstration's: public ids are unique within their
//! organization only, so the examples of the documentation hold in every sandbox.

use std::collections::HashMap;
use std::sync::Arc;

use bindery_blobs::{BlobError, BlobKey, Blobs, Expected};
use bindery_domain::{BlobId, ClientId, ObjectName, OrganizationId, Role, Scope, Timestamp};
use bindery_store::blobs::NewBlob;
use bindery_store::search::bulk as search_bulk;
use bindery_store::{StoreError, Tx, organizations};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::documents::{Document, Documents, FIRST};
use super::load::{Ground, find_places, insert_blobs};
use super::{DEFAULT_DOCUMENTS, ids, rows, structure};
use crate::provision::plan::{ClientPlan, Plan};
use crate::provision::{ProvisionError, apply};

/// Files that are written at once.
const PARALLEL: usize = 16;

/// What every sandbox begins with. Made once, then shared.
pub(crate) struct Template {
    documents: Vec<Document>,
    files: Vec<File>,
}

struct File {
    row: NewBlob,
    bytes: Bytes,
}

/// A visitor's organization and its one client.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) organization: OrganizationId,
    pub(crate) client: ClientId,
    pub(crate) secret: String,
}

impl Template {
    /// Draws the files and lists the documents; takes a second of one core.
    pub(crate) fn make() -> Self {
        let mut source = Documents::new(DEFAULT_DOCUMENTS);
        let documents: Vec<_> = source.by_ref().collect();
        let files = (0_u64..).zip(&source.pool.sheets).map(|(number, sheet)| {
            let bytes = Bytes::from(sheet.render());
            let id = BlobId::from_bytes(ids::guid("blob", number));
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            let sha256 = crate::identity::sha256(&bytes);
            File { row: NewBlob { id, size, sha256, created: FIRST }, bytes }
        });
        Self { files: files.collect(), documents }
    }

    /// Whether the bytes are the template's, not a visitor's.
    pub(crate) fn holds(&self, blob: BlobId) -> bool {
        self.files.iter().any(|file| file.row.id == blob)
    }

    /// The ids of the files.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = BlobId> {
        self.files.iter().map(|file| file.row.id)
    }

    /// Writes the bytes of the files for an organization.
    ///
    /// # Errors
    /// When the storage does not take them.
    pub(crate) async fn store_bytes(
        &self,
        blobs: &Blobs,
        organization: OrganizationId,
    ) -> Result<(), BlobError> {
        let write = async |file: &File| {
            let expected = Expected { limit: u64::MAX, md5: None };
            let key = BlobKey { organization, blob: file.row.id };
            let mut writer = blobs.begin(key, expected).await?;
            writer.write(&file.bytes).await?;
            writer.finish().await.map(drop)
        };
        let writes: Vec<_> = self.files.iter().map(write).collect();
        futures_util::stream::iter(writes).buffer_unordered(PARALLEL).try_collect().await
    }

    /// Makes the rows of the organization: with its client when it is new, else beneath the one that was emptied.
    ///
    /// # Errors
    /// As the engine.
    pub(crate) async fn insert(
        self: &Arc<Self>,
        tx: &Tx,
        organization: OrganizationId,
        visitor: Option<&Visitor>,
        clock: Timestamp,
    ) -> Result<Scope, StoreError> {
        let (plan, paths) = structure::plan();
        let plan = plan_of(plan, organization, visitor);
        apply::apply_in(tx, &plan, clock).await.map_err(unexpected)?;
        let row = organizations::find(tx, organization).await?;
        let scope = row.ok_or(StoreError::Column(0))?.scope();
        let stored: Vec<_> = self.files.iter().map(|file| file.row.clone()).collect();
        let blobs = insert_blobs(tx, scope, &stored).await?;
        let places: HashMap<_, _> = find_places(tx, &scope, paths).await?;
        rows::write(tx, &Ground { scope, places, blobs }, &self.documents).await?;
        search_bulk::fill_in(tx, &scope).await?;
        Ok(scope)
    }
}

/// The demonstration's plan for an organization of another id, with the visitor's client instead of its own.
fn plan_of(mut plan: Plan, organization: OrganizationId, visitor: Option<&Visitor>) -> Plan {
    for planned in &mut plan.organizations {
        planned.id = Some(organization);
        planned.clients = visitor.map(|visitor| {
            vec![ClientPlan {
                line: 0,
                id: Some(visitor.client.clone()),
                name: ObjectName::parse("Sandbox").ok(),
                role: Some(Role::Creator),
                secret: Some(visitor.secret.clone()),
            }]
        });
    }
    plan
}

fn unexpected(error: ProvisionError) -> StoreError {
    match error {
        ProvisionError::Store(error) => error,
        refused @ ProvisionError::Refused(_) => StoreError::Corrupt(refused.to_string()),
    }
}
