//! The right to remove rows together with their bytes, which a running backup withholds.
//!
//! A backup copies the rows, then the bytes that these name. Whoever removes rows and then their bytes holds the right
//! alone meanwhile, on whichever machine: it is a lock beside the embedded database, or one of the PostgreSQL server. The
//! system, or the server, ends it when its process dies.

use crate::engine::Held;
use crate::{Store, StoreError};

/// Proof that no backup runs, as long as it lives.
#[derive(Debug)]
#[must_use = "the right ends when this is dropped"]
pub struct Removal(Held);

/// Keeps everybody from removing, as long as it lives.
#[derive(Debug)]
#[must_use = "others may remove again when this is dropped"]
pub struct Withheld(#[expect(dead_code, reason = "held for its end")] Held);

impl Store {
    /// Takes the right to remove; `None` while a backup runs, or while somebody else removes.
    ///
    /// # Errors
    /// As the engine.
    pub async fn begin_removal(&self) -> Result<Option<Removal>, StoreError> {
        Ok(self.engine().try_hold_alone().await?.map(Removal))
    }

    /// Withholds the right from everybody, once those who have it are done.
    ///
    /// # Errors
    /// As the engine.
    pub async fn withhold_removal(&self) -> Result<Withheld, StoreError> {
        Ok(Withheld(self.engine().hold_with_others().await?))
    }
}

impl Removal {
    /// Gives the right back, and with it what it needed. Dropping does so, too, at a higher price.
    pub async fn end(self) {
        self.0.release().await;
    }
}
