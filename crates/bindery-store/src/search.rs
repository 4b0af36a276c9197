//! Search: what commits write for it, how a request is planned, and what is remembered.
//!
//! A search is resolved to internal keys ([`resolve`]), then answered by the cheapest way that is exact:
//! the default order and counted values page through an index; an order by one element walks its facets
//! ([`walk`]); everything else is found once ([`collect`], [`arrange`]) and remembered until something changes
//! ([`memory`]).

pub mod bulk;
pub mod index;

mod arrange;
mod collect;
mod driver;
mod finder;
mod groups;
mod limits;
mod memory;
pub mod recount;
mod resolve;
mod spec;
mod statement;
mod walk;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use bindery_domain::{CheckedSearch, Refusal, Scope, Visible};

pub(crate) use self::memory::SearchMemory;

use self::finder::{Finder, Stop};
use crate::documents::{self, DocumentRow};
use crate::{Snapshot, Store, StoreError};

/// One page of what a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// The documents of the page, in order.
    pub rows: Vec<DocumentRow>,
    /// How many documents match.
    pub total: i64,
}

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The request names what does not exist, or orders by what cannot be ordered.
    #[error("the search is refused: {0:?}")]
    Refused(Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for SearchError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Answers a search on one state of the database.
///
/// # Errors
/// A refusal that names the offending fields, or the engine's error.
pub async fn run(
    store: &Store,
    scope: &Scope,
    visible: &Visible,
    request: &CheckedSearch,
) -> Result<SearchPage, SearchError> {
    let Visible::All = visible;
    let memory = store.search_memory();
    let request = Arc::new(request.clone());
    let scope = *scope;
    let attempt = |may_work: bool| {
        let (memory, request) = (Arc::clone(memory), Arc::clone(&request));
        store.snapshot(move |snapshot| async move {
            page(&snapshot, &memory, &scope, &request, may_work).await
        })
    };
    match attempt(false).await {
        Err(Stop::Work(key)) => {
            // Long work on one question is done once, and outside of it no thread of the database waits.
            let _gate = memory.gate(&key).await;
            attempt(true).await.map_err(Stop::into_error)
        }
        answer => answer.map_err(Stop::into_error),
    }
}

async fn page(
    db: &Snapshot,
    memory: &SearchMemory,
    scope: &Scope,
    request: &CheckedSearch,
    may_work: bool,
) -> Result<SearchPage, Stop> {
    let org = scope.owner().0;
    let Some(spec) = resolve::resolve(db, org, request).await? else {
        return Ok(SearchPage { rows: Vec::new(), total: 0 });
    };
    let finder = Finder::new(db, memory, scope, &spec, may_work).await?;
    let page = finder.page(request.offset(), request.page_size).await?;
    Ok(SearchPage { rows: documents::by_keys(db, scope, &page.keys).await?, total: page.total })
}
