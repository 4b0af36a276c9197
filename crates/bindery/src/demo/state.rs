//! The mark of a demonstration: that there is one, how large it is, and how far a broken run came.

use bindery_store::{Query, StoreError, Tx, server_values};
use serde::{Deserialize, Serialize};

/// Name of the server's value that marks a demonstration. While it is there, secrets of this server are public.
pub const MARK: &str = "demo";

/// What the mark says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// How many documents the demonstration has when it is finished.
    pub(crate) documents: u64,
    /// How many there are.
    pub(crate) done: u64,
    /// Whether the search tables have been begun.
    pub(crate) is_filling: bool,
    /// Whether all is there.
    pub(crate) is_finished: bool,
    /// Not yet in the database.
    #[serde(skip)]
    is_new: bool,
}

impl State {
    /// The state of a demonstration of which nothing exists.
    pub(crate) fn new(documents: u64) -> Self {
        Self { documents, done: 0, is_filling: false, is_finished: false, is_new: true }
    }

    /// What the database says.
    pub(crate) async fn find(db: &impl Query) -> Result<Option<Self>, StoreError> {
        let Some(value) = server_values::find(db, MARK).await? else { return Ok(None) };
        let corrupt =
            |error| StoreError::Corrupt(format!("the mark of the demonstration: {error}"));
        serde_json::from_slice(&value).map(Some).map_err(corrupt)
    }

    /// Whether nothing of it exists.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Writes it down.
    pub(crate) async fn save(&self, tx: &Tx) -> Result<(), StoreError> {
        let json = serde_json::to_vec(self).map_err(|error| StoreError::Engine(Box::new(error)))?;
        server_values::save(tx, MARK, &json).await
    }
}
