//! What is known of the blocks of uploads, so that all blocks of an upload together stay under its limit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::{BlobError, MAX_BLOCKS, UploadKey};

/// An upload that nobody has touched for so long is forgotten; it is read again when someone does.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(3_600);

/// The blocks of all uploads that this process has touched.
#[derive(Debug, Default)]
pub(crate) struct Ledgers {
    uploads: Mutex<HashMap<UploadKey, Arc<Mutex<Ledger>>>>,
}

/// The blocks of one upload.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    loaded: Option<Instant>,
    has_ended: bool,
    /// Of the finished blocks, by what the storage calls them.
    sizes: HashMap<String, u64>,
    /// Of all finished blocks.
    placed: u64,
    /// Of the blocks that are coming.
    under_way: u64,
}

/// What a block under way has of its upload's total; given back unless the block is finished.
#[derive(Debug)]
pub(crate) struct Share {
    ledger: Arc<Mutex<Ledger>>,
    /// What the storage calls it.
    block: String,
    limit: u64,
    bytes: u64,
}

impl Ledgers {
    /// The ledger of an upload, made empty the first time.
    pub(crate) fn of(&self, key: UploadKey) -> Arc<Mutex<Ledger>> {
        let mut uploads = lock(&self.uploads);
        if !uploads.contains_key(&key) {
            let is_fresh = |ledger: &Arc<Mutex<Ledger>>| {
                Arc::strong_count(ledger) > 1
                    || lock(ledger).loaded.is_some_and(|at| at.elapsed() < FORGOTTEN_AFTER)
            };
            uploads.retain(|_, ledger| is_fresh(ledger));
        }
        uploads.entry(key).or_default().clone()
    }

    /// Ends an upload: blocks that are still coming are refused when they are done.
    pub(crate) fn end(&self, key: UploadKey) {
        let known = lock(&self.uploads).remove(&key);
        if let Some(ledger) = known {
            lock(&ledger).has_ended = true;
        }
    }
}

impl Ledger {
    /// Whether what is known was read within so long.
    pub(crate) fn is_known(&self, at_most_old: Duration) -> bool {
        self.loaded.is_some_and(|at| at.elapsed() <= at_most_old)
    }

    /// Takes what was found in the storage. What was finished meanwhile stays: blocks go only with their upload.
    pub(crate) fn learn(&mut self, found: HashMap<String, u64>) {
        self.sizes.extend(found);
        self.placed = self.sizes.values().sum();
        self.loaded = Some(Instant::now());
    }

    /// The size of a finished block.
    pub(crate) fn size(&self, block: &str) -> Option<u64> {
        self.sizes.get(block).copied()
    }

    /// Refuses what comes after the upload has ended.
    fn check_open(&self) -> Result<(), BlobError> {
        if self.has_ended { Err(BlobError::Ended) } else { Ok(()) }
    }
}

impl Share {
    /// Begins a block; refuses it when there are too many.
    pub(crate) fn begin(
        ledger: Arc<Mutex<Ledger>>,
        block: String,
        limit: u64,
    ) -> Result<Self, BlobError> {
        {
            let known = lock(&ledger);
            if known.sizes.len() >= MAX_BLOCKS && !known.sizes.contains_key(&block) {
                return Err(BlobError::TooManyBlocks);
            }
        }
        Ok(Self { ledger, block, limit, bytes: 0 })
    }

    /// Refuses a block whose upload has ended.
    pub(crate) fn check_open(&self) -> Result<(), BlobError> {
        lock(&self.ledger).check_open()
    }

    /// Counts bytes that are about to be written; refuses what goes over the limit of the upload.
    pub(crate) fn take(&mut self, bytes: u64) -> Result<(), BlobError> {
        let mut ledger = lock(&self.ledger);
        let replaced = ledger.size(&self.block).unwrap_or(0);
        let total = ledger.placed.saturating_add(ledger.under_way).saturating_add(bytes);
        if total.saturating_sub(replaced) > self.limit {
            return Err(BlobError::TooLarge { limit: self.limit });
        }
        ledger.under_way += bytes;
        self.bytes += bytes;
        Ok(())
    }

    /// Notes the block as finished, once `place` has given it its name. The lock makes storage and ledger agree when
    /// one id is put twice at once.
    pub(crate) fn place(
        &mut self,
        size: u64,
        place: impl FnOnce() -> Result<(), BlobError>,
    ) -> Result<(), BlobError> {
        let mut ledger = lock(&self.ledger);
        ledger.check_open()?;
        place()?;
        let replaced = ledger.sizes.insert(self.block.clone(), size).unwrap_or(0);
        ledger.placed = ledger.placed + size - replaced;
        ledger.under_way -= std::mem::take(&mut self.bytes);
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        lock(&self.ledger).under_way -= self.bytes;
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
