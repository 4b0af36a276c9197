//! Putting the demonstration into the database and the storage. Each step can be taken up again where a broken run
//! left it.

use std::collections::HashMap;
use std::sync::Arc;

use bindery_blobs::{BlobKey, Blobs, Expected};
use bindery_domain::{BlobId, FolderId, Scope};
use bindery_store::blobs::{self as blob_rows, NewBlob};
use bindery_store::changes::{self, Changes};
use bindery_store::jobs::Priority;
use bindery_store::search::bulk as search_bulk;
use bindery_store::{Query, Store, StoreError, Tx, bulk, folders, organizations};
use futures_util::StreamExt as _;

use super::documents::{Document, Documents, FIRST};
use super::pool::Sheet;
use super::progress::Progress;
use super::state::State;
use super::{DemoError, ids, rows, structure};
use crate::clock::Clock;
use crate::previews::Part;
use crate::provision::{ProvisionError, apply};

/// Documents of one transaction. Each touches most pages of the indexes on the random ids, so that small ones write
/// those over and over: 50 GB for a database of 3 with 5,000.
const CHUNK: usize = 25_000;
/// From so many documents on, indexes are made at the end.
const LARGE: u64 = 20_000;
/// Files of the pool that are written at once.
const PARALLEL: usize = 16;

/// Where a document of the demonstration goes.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) binder_key: i64,
    pub(super) tab_key: i64,
    pub(super) folder_key: i64,
    pub(super) folder_id: FolderId,
}

/// What the rows of documents are made with.
pub(super) struct Ground {
    pub(super) scope: Scope,
    pub(super) places: HashMap<(usize, String), Place>,
    pub(super) blobs: Vec<StoredBlob>,
}

/// Bytes of the pool in the storage.
pub(super) struct StoredBlob {
    pub(super) key: i64,
    pub(super) size: i64,
    pub(super) sha256: [u8; 32],
}

/// Makes what the state says is missing.
pub(super) async fn run(
    store: &Store,
    blobs: &Blobs,
    mut state: State,
    progress: &mut Progress,
) -> Result<(), DemoError> {
    if state.is_new() {
        make_structure(store, state.clone()).await?;
    }
    let scope = scope(store).await?;
    let (_, paths) = structure::plan();
    let places = find_places(store, &scope, paths).await?;
    let blobs = store_pool(store, blobs, scope, state.documents, progress).await?;
    let ground = Arc::new(Ground { scope, places, blobs });
    if state.documents >= LARGE && state.done < state.documents {
        store.write(|tx| async move { search_bulk::drop_indexes(&tx).await }).await?;
    }
    load_documents(store, &ground, &mut state, progress).await?;
    progress.stage("making indexes", 1);
    store.write(|tx| async move { search_bulk::create_indexes(&tx).await }).await?;
    fill_search(store, scope, &mut state, progress).await
}

/// The scope of the demonstration's organization.
async fn scope(store: &Store) -> Result<Scope, DemoError> {
    let organization = organizations::find(store, structure::organization_id()).await?;
    organization.map(|organization| organization.scope()).ok_or(DemoError::Gone)
}

/// The organization and all beneath it down to the folders, and the mark that this server holds a demonstration.
async fn make_structure(store: &Store, state: State) -> Result<(), DemoError> {
    let (plan, _) = structure::plan();
    let plan = Arc::new(plan);
    let made = store.write(move |tx| {
        let (plan, state) = (plan.clone(), state.clone());
        async move {
            // A day before the first document, whatever the clock says.
            let clock = FIRST.plus_secs(-86_400);
            apply::apply_in(&tx, &plan, clock).await?;
            state.save(&tx).await?;
            Ok::<_, ProvisionError>(())
        }
    });
    Ok(made.await?)
}

/// Where the folders of the plan are in an organization.
pub(super) async fn find_places(
    db: &impl Query,
    scope: &Scope,
    paths: structure::Folders,
) -> Result<HashMap<(usize, String), Place>, StoreError> {
    let mut places = HashMap::with_capacity(paths.len());
    for (path, id) in paths {
        let folder = folders::find_by_id(db, scope, id).await?;
        let folder = folder.ok_or_else(|| StoreError::Corrupt(format!("folder {id} is gone")))?;
        let place = Place {
            binder_key: folder.binder_key,
            tab_key: folder.tab_key,
            folder_key: folder.key,
            folder_id: id,
        };
        places.insert(path, place);
    }
    Ok(places)
}

/// Writes the pool's bytes, then their rows. Those that a broken run wrote are written again, under the same names.
async fn store_pool(
    store: &Store,
    blobs: &Blobs,
    scope: Scope,
    total: u64,
    progress: &mut Progress,
) -> Result<Vec<StoredBlob>, DemoError> {
    let mut documents = Documents::new(total);
    while !documents.pool.is_full() && documents.next().is_some() {}
    let sheets = documents.pool.sheets;
    progress.stage("drawings", sheets.len() as u64);
    let writes = (0_u64..).zip(sheets).map(|(number, sheet)| {
        let id = BlobId::from_bytes(ids::guid("blob", number));
        store_bytes(blobs, id, sheet)
    });
    let mut writes = futures_util::stream::iter(writes).buffered(PARALLEL);
    let mut stored = Vec::new();
    while let Some(new) = writes.next().await {
        stored.push(new?);
        progress.advance(1);
    }
    let stored = Arc::new(stored);
    let inserted = store.write(move |tx| {
        let stored = stored.clone();
        async move { insert_blobs(&tx, scope, &stored).await }
    });
    Ok(inserted.await?)
}

async fn store_bytes(blobs: &Blobs, id: BlobId, sheet: Sheet) -> Result<NewBlob, DemoError> {
    let bytes = sheet.render();
    let key = BlobKey { organization: structure::organization_id(), blob: id };
    let mut writer = blobs.begin(key, Expected { limit: u64::MAX, md5: None }).await?;
    writer.write(&bytes).await?;
    let stored = writer.finish().await?;
    let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
    Ok(NewBlob { id, size, sha256: stored.sha256, created: FIRST })
}

/// Makes the rows of stored files, unless they are there, and counts them.
pub(super) async fn insert_blobs(
    tx: &Tx,
    scope: Scope,
    stored: &[NewBlob],
) -> Result<Vec<StoredBlob>, StoreError> {
    let mut rows = Vec::with_capacity(stored.len());
    let mut more = Changes::default();
    for new in stored {
        let key = match blob_rows::find(tx, &scope, new.id).await? {
            Some(row) => row.key,
            None => {
                more.usage.bytes += new.size;
                let key = blob_rows::insert(tx, &scope, new).await?;
                let urgency = (Priority::Background, Clock::system().now());
                Part::Overview.enqueue(tx, &scope, key, urgency).await?;
                key
            }
        };
        rows.push(StoredBlob { key, size: new.size, sha256: new.sha256 });
    }
    changes::apply(tx, &scope, &more).await?;
    Ok(rows)
}

/// Writes the documents in their order; the next ones are made while the database takes the last.
async fn load_documents(
    store: &Store,
    ground: &Arc<Ground>,
    state: &mut State,
    progress: &mut Progress,
) -> Result<(), DemoError> {
    progress.stage("documents", state.documents);
    let mut documents =
        Documents::new(state.documents).skip(usize::try_from(state.done).unwrap_or(usize::MAX));
    progress.advance(state.done);
    let mut running: Option<tokio::task::JoinHandle<Result<u64, StoreError>>> = None;
    loop {
        let chunk: Vec<Document> = documents.by_ref().take(CHUNK).collect();
        if let Some(running) = running.take() {
            progress.advance(running.await.map_err(|_| DemoError::Gone)??);
        }
        if chunk.is_empty() {
            return Ok(());
        }
        state.done += chunk.len() as u64;
        let (store, ground, state) = (store.clone(), ground.clone(), state.clone());
        running =
            Some(tokio::spawn(async move { write_chunk(&store, ground, chunk, state).await }));
    }
}

async fn write_chunk(
    store: &Store,
    ground: Arc<Ground>,
    chunk: Vec<Document>,
    state: State,
) -> Result<u64, StoreError> {
    let count = chunk.len() as u64;
    let chunk = Arc::new(chunk);
    let written = store.write(move |tx| {
        let (ground, chunk, state) = (ground.clone(), chunk.clone(), state.clone());
        async move {
            rows::write(&tx, &ground, &chunk).await?;
            state.save(&tx).await
        }
    });
    written.await?;
    Ok(count)
}

/// Fills the search tables, from the beginning if a broken run had begun.
async fn fill_search(
    store: &Store,
    scope: Scope,
    state: &mut State,
    progress: &mut Progress,
) -> Result<(), DemoError> {
    if state.is_filling {
        store.write(move |tx| async move { bulk::clear_search(&tx, &scope).await }).await?;
    }
    state.is_filling = true;
    save(store, state).await?;
    progress.stage("search", state.documents);
    search_bulk::fill(store, &scope, |done| progress.advance(u64::try_from(done).unwrap_or(0)))
        .await?;
    search_bulk::look(store).await?;
    state.is_finished = true;
    save(store, state).await?;
    progress.finish();
    Ok(())
}

async fn save(store: &Store, state: &State) -> Result<(), StoreError> {
    let state = state.clone();
    let save = move |tx: Tx| {
        let state = state.clone();
        async move { state.save(&tx).await }
    };
    store.write(save).await
}
