//! The demonstration: an invented property company with its binders, real drawings and documents in any number.
//!
//! Everything in it follows from the number of documents: ids, names, secrets, times and bytes.

mod documents;
mod drawing;
mod ids;
mod letter;
mod load;
mod metadata;
mod pdf;
mod pool;
mod progress;
mod rng;
mod rows;
pub(crate) mod sandbox;
mod state;
mod structure;
mod words;

use bindery_blobs::{BlobError, Blobs};
use bindery_store::{Store, StoreError};

use crate::provision::ProvisionError;
use crate::provision::tree::Tree;
use progress::Progress;
use state::State;

pub use state::MARK;

/// Documents of a demonstration for which no number is given.
pub const DEFAULT_DOCUMENTS: u64 = 240;
/// Most documents of a demonstration.
pub const MAX_DOCUMENTS: u64 = 2_000_000;

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is one of another size.
    #[error(
        "there is a demonstration of {found} documents already: use --documents {found}, or another --data-dir"
    )]
    AnotherSize {
        /// How many documents it has.
        found: u64,
    },
    /// Something that the demonstration made is not there any more.
    #[error("parts of an unfinished demonstration are gone: use another --data-dir")]
    Gone,
    /// Its organization or a client of it could not be made.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The storage failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// How many documents the demonstration has or gets, when there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_size(store: &Store) -> Result<Option<u64>, DemoError> {
    Ok(State::find(store).await?.map(|state| state.documents))
}

/// Makes the demonstration, unless it is there, and returns its tree with ids and secrets.
///
/// A run that was broken off is taken up again. Open the store with ample limits: indexes are made in one statement.
///
/// # Errors
/// [`DemoError::AnotherSize`] when there is one with another number of documents.
pub async fn make(
    store: &Store,
    blobs: &Blobs,
    documents: u64,
    is_progress_shown: bool,
) -> Result<Tree, DemoError> {
    let state = State::find(store).await?.unwrap_or_else(|| State::new(documents));
    if state.documents != documents {
        return Err(DemoError::AnotherSize { found: state.documents });
    }
    if !state.is_finished {
        load::run(store, blobs, state, &mut Progress::new(is_progress_shown)).await?;
    }
    Ok(structure::tree())
}

#[cfg(test)]
mod tests;
