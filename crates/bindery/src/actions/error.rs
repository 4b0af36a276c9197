//! How an action fails.

use bindery_blobs::BlobError;
use bindery_domain::{FieldErrors, Refusal};
use bindery_store::StoreError;

/// A refusal that the caller is told, or a failure of ours.
#[derive(Debug)]
pub enum ActionError {
    /// Expected, and safe to show.
    Refused(Refusal),
    /// The database failed.
    Store(StoreError),
    /// The storage failed.
    Blob(BlobError),
    /// Something else of ours failed.
    Internal(anyhow::Error),
}

impl From<Refusal> for ActionError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldErrors> for ActionError {
    fn from(errors: FieldErrors) -> Self {
        Self::Refused(errors.into())
    }
}

impl From<BlobError> for ActionError {
    fn from(error: BlobError) -> Self {
        Self::Blob(error)
    }
}

impl From<StoreError> for ActionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
