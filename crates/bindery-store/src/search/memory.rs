//! What searches remember: totals, and results that took long to find. Bounded, and never wrong, because the number of
//! the last change is part of every key.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{Mutex, MutexGuard};

use super::driver::Driver;
use super::limits::MARK_EVERY;
use crate::StoreError;

/// Bytes that a [`SearchMemory`] takes at most.
const CAPACITY_BYTES: u64 = 32 * 1024 * 1024;
/// What nobody has asked for in this time is forgotten.
const IDLE: Duration = Duration::from_secs(600);
/// What an entry takes beside its keys.
const ENTRY_BYTES: usize = 160;
/// Long work that goes on side by side.
const GATES: usize = 16;

/// What a remembered answer is about and when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MemoryKey {
    pub(crate) org: i64,
    /// The binder, or 0 for the whole organization.
    pub(crate) binder: i64,
    /// The number of the last change there.
    pub(crate) change: i64,
    /// Of the question.
    pub(crate) digest: [u8; 16],
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyPage {
    /// Internal keys of its documents, in order.
    pub(crate) keys: Vec<i64>,
    /// How many documents match.
    pub(crate) total: i64,
}

/// Where a facet stands among those of its element: its value, and `newest` of its document.
pub(crate) type FacetPlace = (Vec<u8>, i64);

/// A remembered answer.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// How many there are.
    Total(i64),
    /// The internal keys of all documents, in the order of the answer.
    Keys(Arc<[i64]>),
    /// Many documents in the order of their making: how many, the first of them, and `newest` of every
    /// [`MARK_EVERY`]th.
    Marks {
        /// How many there are.
        total: i64,
        /// The internal keys of the first ones: where what matches lies far apart, even a first page is long to walk to.
        first: Arc<[i64]>,
        /// What they are read from.
        driver: Driver,
        /// `newest` of each document after so many others.
        marks: Arc<[i64]>,
    },
    /// `newest` of each document of a list after so many others, as far as somebody has turned pages.
    Newest(Arc<[i64]>),
    /// Value and `newest` of each facet of an order after so many others, as far as somebody has turned pages.
    Values(Arc<[FacetPlace]>),
    /// Allowed values in the order of their labels, those with equal labels together, and how many documents have one.
    /// `None`: binders label them differently.
    Groups(Option<Arc<[ValueGroup]>>),
}

/// Allowed values that are equal in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ValueGroup {
    /// As facets hold them.
    pub(crate) values: Vec<Vec<u8>>,
    /// How many documents have one of them.
    pub(crate) documents: i64,
}

impl ValueGroup {
    fn bytes(&self) -> usize {
        64 + self.values.len() * 40
    }
}

/// A place in a list; none is longer than addresses reach.
pub(crate) fn place(n: i64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The mark after which a page is nearest, and how many documents come before it, that one included.
pub(crate) fn mark_before<T: Clone>(marks: &[T], offset: i64) -> (Option<T>, i64) {
    let passed = place(offset) / MARK_EVERY;
    let passed = passed.min(marks.len());
    match passed.checked_sub(1) {
        None => (None, 0),
        Some(mark) => {
            (Some(marks[mark].clone()), i64::try_from(passed * MARK_EVERY).unwrap_or(i64::MAX))
        }
    }
}

impl Found {
    /// A page of remembered keys.
    pub(crate) fn page<E: From<StoreError>>(&self, page: Range<i64>) -> Result<KeyPage, E> {
        let Self::Keys(keys) = self else {
            return Err(
                StoreError::Corrupt("a remembered search is of another kind".to_owned()).into()
            );
        };
        let at = |n: i64| place(n).min(keys.len());
        let total = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        Ok(KeyPage { keys: keys[at(page.start)..at(page.end)].to_vec(), total })
    }

    fn bytes(&self) -> u32 {
        let held = match self {
            Self::Total(_) => 0,
            Self::Keys(keys) => keys.len() * 8,
            Self::Marks { first, marks, .. } => (first.len() + marks.len()) * 8,
            Self::Newest(marks) => marks.len() * 8,
            Self::Values(places) => places.iter().map(|(value, _)| value.len() + 40).sum(),
            Self::Groups(groups) => {
                groups.iter().flat_map(|groups| groups.iter()).map(ValueGroup::bytes).sum()
            }
        };
        u32::try_from(held + ENTRY_BYTES).unwrap_or(u32::MAX)
    }
}

/// The memory of a store's searches.
#[derive(Debug)]
pub(crate) struct SearchMemory {
    found: Cache<MemoryKey, Found>,
    gates: [Mutex<()>; GATES],
}

impl Default for SearchMemory {
    fn default() -> Self {
        let found = Cache::builder()
            .max_capacity(CAPACITY_BYTES)
            .weigher(|_, found: &Found| found.bytes())
            .time_to_idle(IDLE)
            .build();
        Self { found, gates: std::array::from_fn(|_| Mutex::new(())) }
    }
}

impl SearchMemory {
    pub(crate) fn get(&self, key: &MemoryKey) -> Option<Found> {
        self.found.get(key)
    }

    pub(crate) fn keep(&self, key: MemoryKey, found: Found) {
        self.found.insert(key, found);
    }

    /// Waits until nobody else works on the same question, so that the second to ask finds the first one's answer.
    pub(crate) async fn gate(&self, key: &MemoryKey) -> MutexGuard<'_, ()> {
        self.gates[usize::from(key.digest[0]) % GATES].lock().await
    }
}
