//! Filling the search tables at the end of a bulk load, from the rows.
//!
//! Sorted, so that the tables grow at their ends: some ten times as fast as entering each document with [`super::index`].
//! The load itself is quicker without the indexes of `document`, too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use bindery_domain::{BuiltIn, DataType, FileName, Metadata, Schema, Scope};

use super::index::{self, ALL_DOCUMENTS, ANY_BINDER, Indexed, InsertFacets, Subject, org_token};
use crate::{Query, Row, Sql, Store, StoreError, Tx, params, schema};

macro_rules! count_documents {
    ($no_value:literal) => {
        concat!(
            "insert into facet_count (org, element, value, binder, tab, n) select d.org, cast($2 as bigint), ",
            $no_value,
            ", d.binder, d.tab, count(*) from document d where d.org = $1 and d.trashed_at is null ",
            "and d.trashed_by is null group by d.org, d.binder, d.tab"
        )
    };
}

/// Documents that one statement reads.
const CHUNK: i64 = 10_000;
/// Cache of the writing connection during a load, and otherwise.
const LOAD_CACHE_KIB: i64 = 262_144;
const CACHE_KIB: i64 = 8_192;
/// Facets that one statement writes.
const ROWS: usize = 64;
/// Facets that one transaction writes, or more.
const FACETS: usize = 500_000;
/// Documents whose names one transaction enters.
const NAMES: i64 = 100_000;

const FOUNDATION: &str = include_str!("../../migrations/sqlite/0001_foundation.sql");
const BINDERS: &str =
    "select binder from binder where org = $1 and trashed_at is null order by binder";
const DOCUMENTS: &str = "select d.document, d.tab, d.newest, d.name, d.latest_label, d.created_by, d.metadata \
    from document d where d.org = $1 and d.binder = $2 and d.newest > $3 \
    and d.trashed_at is null and d.trashed_by is null order by d.newest limit $4";
const GLOBAL_FACETS: &str = "insert into facet (org, binder, element, value, newest, document, tab, exact) \
    select f.org, cast($2 as bigint), f.element, f.value, f.newest, f.document, f.tab, f.exact \
    from binder b cross join facet f \
    where b.org = $1 and b.trashed_at is null and f.org = $1 and f.binder = b.binder and f.element = $3 \
    order by f.value, f.newest";
const COUNT_VALUES: &str = "insert into facet_count (org, element, value, binder, tab, n) \
    select f.org, f.element, f.value, f.binder, f.tab, count(*) from facet f \
    where f.org = $1 and f.binder = $2 and f.element = $3 group by f.org, f.element, f.value, f.binder, f.tab";
const COUNT_DOCUMENTS: Sql = Sql::Each {
    sqlite: Cow::Borrowed(count_documents!("x''")),
    postgres: Cow::Borrowed(count_documents!("''::bytea")),
};
const BOUNDS: &str = "select coalesce(min(d.document), 0), coalesce(max(d.document), -1) from document d where d.org = $1";
const NAMES_BETWEEN: &str = "insert into document_name (rowid, org, name) \
    select d.document, $2, d.name_search from document d where d.document >= $3 and d.document < $4 \
    and +d.org = $1 and d.trashed_at is null and d.trashed_by is null order by d.document";

/// Drops the indexes of documents, versions and journal that are no constraints and grow in no order, for the time of a
/// bulk load. [`create_indexes`] in the same
/// transaction, or when the load has ended, makes them again; without them every search is slow.
///
/// # Errors
/// As the engine.
pub async fn drop_indexes(tx: &Tx) -> Result<(), StoreError> {
    set_cache(tx, LOAD_CACHE_KIB).await?;
    for (name, _) in document_indexes() {
        tx.query(format!("drop index if exists {name}"), params![]).await?;
    }
    Ok(())
}

/// Makes the indexes that [`drop_indexes`] dropped.
///
/// # Errors
/// As the engine; a unique one when the load broke its rule.
pub async fn create_indexes(tx: &Tx) -> Result<(), StoreError> {
    set_cache(tx, LOAD_CACHE_KIB).await?;
    for (name, text) in document_indexes() {
        let if_absent =
            text.replacen(&format!("index {name}"), &format!("index if not exists {name}"), 1);
        tx.query(if_absent, params![]).await?;
    }
    Ok(())
}

/// Fills facets, counts and trigrams for all documents of an organization that has none of them yet. Calls back with the
/// number of documents done. Open the store with ample limits.
///
/// # Errors
/// As the engine; a unique constraint when something was there already.
pub async fn fill(
    store: &Store,
    scope: &Scope,
    mut progress: impl FnMut(i64) + Send,
) -> Result<(), StoreError> {
    let org = scope.owner().0;
    store.write(|tx| async move { set_cache(&tx, LOAD_CACHE_KIB).await }).await?;
    let mut binders = Vec::new();
    let mut ready = Vec::new();
    for mut row in store.query(BINDERS, params![org]).await? {
        let binder: i64 = row.take(0)?;
        let schema = schema::load(store, scope, binder).await?;
        ready.extend(facets_of_binder(store, scope, binder, &schema, &mut progress).await?);
        // One transaction for many small binders: each waits for the disk.
        if ready.iter().map(|facets: &ElementFacets| facets.rows.len()).sum::<usize>() >= FACETS {
            write_facets(store, *scope, std::mem::take(&mut ready)).await?;
        }
        binders.push((binder, schema));
    }
    write_facets(store, *scope, ready).await?;
    let global = binders.first().map(|(_, schema)| global_elements(schema)).unwrap_or_default();
    for element in global {
        run(store, GLOBAL_FACETS, params![org, ANY_BINDER, element]).await?;
    }
    count(store, org, &binders).await?;
    fill_names(store, scope).await?;
    store.write(|tx| async move { set_cache(&tx, CACHE_KIB).await }).await
}

/// As [`fill`], in the transaction that has made the documents, so that nobody ever finds them without. For some hundred at
/// most: each is entered by itself.
///
/// # Errors
/// As [`fill`].
pub async fn fill_in(tx: &Tx, scope: &Scope) -> Result<(), StoreError> {
    let org = scope.owner().0;
    for mut row in tx.query(BINDERS, params![org]).await? {
        let binder: i64 = row.take(0)?;
        let schema = schema::load(tx, scope, binder).await?;
        for row in tx.query(DOCUMENTS, params![org, binder, i64::MIN, CHUNK]).await? {
            let found = Found::read(row)?;
            index::insert(tx, scope, &Indexed::of(&schema, &found.subject(binder))?).await?;
        }
    }
    Ok(())
}

async fn count(store: &Store, org: i64, binders: &[(i64, Schema)]) -> Result<(), StoreError> {
    let mut counted = Vec::new();
    for (binder, schema) in binders {
        let elements = schema
            .elements
            .iter()
            .filter(|element| matches!(element.data_type, DataType::Enum | DataType::Boolean));
        counted.extend(elements.map(|element| (*binder, element.key)));
    }
    let done = store.write(move |tx| {
        let counted = counted.clone();
        async move {
            for (binder, element) in counted {
                tx.query(COUNT_VALUES, params![org, binder, element]).await?;
            }
            tx.query(COUNT_DOCUMENTS, params![org, ALL_DOCUMENTS]).await.map(|_| ())
        }
    });
    done.await
}

/// Gives the writing connection room: what does not fit is written to the log and read back again and again.
async fn set_cache(tx: &Tx, kib: i64) -> Result<(), StoreError> {
    tx.query(only_sqlite(format!("pragma cache_size = -{kib}")), params![]).await?;
    Ok(())
}

/// The elements with facets for searches over the organization, in the order of the table.
fn global_elements(schema: &Schema) -> Vec<i64> {
    let has_facets = |element: BuiltIn| {
        !matches!(element, BuiltIn::BinderId | BuiltIn::TabId | BuiltIn::TabType)
    };
    let elements =
        schema.elements.iter().filter(|element| element.built_in().is_some_and(has_facets));
    let mut keys: Vec<i64> = elements.map(|element| element.key).collect();
    keys.sort_unstable();
    keys
}

/// A document as the search tables need it.
struct Found {
    document: i64,
    tab: i64,
    newest: i64,
    name: FileName,
    label: String,
    created_by: String,
    metadata: Metadata,
}

impl Found {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let (name, json): (String, String) = (row.take(3)?, row.take(6)?);
        Ok(Self {
            document: row.take(0)?,
            tab: row.take(1)?,
            newest: row.take(2)?,
            name: FileName::parse(&name)
                .map_err(|why| StoreError::Corrupt(format!("a name {why}")))?,
            label: row.take(4)?,
            created_by: row.take(5)?,
            metadata: Metadata::from_json(&json)
                .map_err(|error| StoreError::Corrupt(format!("metadata: {error}")))?,
        })
    }

    fn subject(&self, binder: i64) -> Subject<'_> {
        let Self { document, tab, newest, .. } = *self;
        let (name, label) = (&self.name, self.label.as_str());
        let (created_by, metadata) = (self.created_by.as_str(), &self.metadata);
        Subject { document, binder, tab, newest, name, label, created_by, metadata }
    }
}

/// A facet's row as far as it differs within its binder and element, in the order of the table.
type FacetRow = (Vec<u8>, i64, i64, i64, Vec<u8>);

/// The facets of an element of a binder, in the order of the table.
struct ElementFacets {
    binder: i64,
    element: i64,
    rows: Vec<FacetRow>,
}

async fn facets_of_binder(
    store: &Store,
    scope: &Scope,
    binder: i64,
    schema: &Schema,
    progress: &mut (impl FnMut(i64) + Send),
) -> Result<Vec<ElementFacets>, StoreError> {
    let org = scope.owner().0;
    let mut by_element: BTreeMap<i64, Vec<FacetRow>> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let rows = store.query(DOCUMENTS, params![org, binder, after, CHUNK]).await?;
        let read = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        for row in rows {
            let found = Found::read(row)?;
            for facet in Indexed::facets_of(schema, &found.subject(binder))? {
                let rows = by_element.entry(facet.element).or_default();
                rows.push((facet.value, found.newest, found.document, found.tab, facet.exact));
            }
            after = found.newest;
        }
        progress(read);
        if read < CHUNK {
            break;
        }
    }
    let in_order = by_element.into_iter().map(|(element, mut rows)| {
        rows.sort_unstable();
        ElementFacets { binder, element, rows }
    });
    Ok(in_order.collect())
}

async fn write_facets(
    store: &Store,
    scope: Scope,
    facets: Vec<ElementFacets>,
) -> Result<(), StoreError> {
    let facets = Arc::new(facets);
    let written = store.write(move |tx| {
        let facets = Arc::clone(&facets);
        async move {
            for ElementFacets { binder, element, rows } in facets.iter() {
                for rows in rows.chunks(ROWS) {
                    let mut insert = InsertFacets::new(&scope);
                    for (value, newest, document, tab, exact) in rows {
                        insert.row(*binder, *element, value, exact, [*newest, *document, *tab]);
                    }
                    insert.run(&tx).await?;
                }
            }
            Ok::<_, StoreError>(())
        }
    });
    written.await
}

/// On PostgreSQL the index on the names themselves does this work.
async fn fill_names(store: &Store, scope: &Scope) -> Result<(), StoreError> {
    let org = scope.owner().0;
    let Some(mut bounds) = store.query_opt(BOUNDS, params![org]).await? else { return Ok(()) };
    let (first, last): (i64, i64) = (bounds.take(0)?, bounds.take(1)?);
    if first > last {
        return Ok(());
    }
    // One merge at the end instead of many on the way.
    configure_names(store, "automerge", 0).await?;
    let mut start = first;
    while start <= last {
        let names = Sql::Each {
            sqlite: NAMES_BETWEEN.into(),
            postgres: "select $1::bigint, $2::text, $3::bigint, $4::bigint limit 0".into(),
        };
        run(store, names, params![org, org_token(scope), start, start + NAMES]).await?;
        start += NAMES;
    }
    run(
        store,
        only_sqlite("insert into document_name (document_name) values ('optimize')"),
        params![],
    )
    .await?;
    configure_names(store, "automerge", 4).await
}

async fn configure_names(store: &Store, setting: &str, value: i64) -> Result<(), StoreError> {
    let text =
        format!("insert into document_name (document_name, rank) values ('{setting}', {value})");
    run(store, only_sqlite(text), params![]).await
}

/// Has the database look at what a load has brought. PostgreSQL does so by itself, but only a minute later, and reads whole
/// tables for single rows until then; SQLite plans these statements without.
///
/// # Errors
/// As the engine.
pub async fn look(store: &Store) -> Result<(), StoreError> {
    let sql = Sql::Each { sqlite: "select 1 limit 0".into(), postgres: "analyze".into() };
    run(store, sql, params![]).await
}

/// A statement that only SQLite needs.
fn only_sqlite(text: impl Into<Cow<'static, str>>) -> Sql {
    Sql::Each { sqlite: text.into(), postgres: "select 1 limit 0".into() }
}

/// One statement, one transaction.
async fn run(
    store: &Store,
    sql: impl Into<Sql>,
    values: Vec<crate::Value>,
) -> Result<(), StoreError> {
    let sql = sql.into();
    let ran = store.write(move |tx| {
        let (sql, values) = (sql.clone(), values.clone());
        async move { tx.query(sql, values).await.map(|_| ()) }
    });
    ran.await
}

/// Indexes of other tables whose keys come in no order during a load.
const RANDOM_INDEXES: [&str; 2] =
    ["create index journal_by_object ", "create index version_by_blob "];

/// Name and definition of each index on `document` that is no constraint of the table, and of [`RANDOM_INDEXES`], in
/// both engines' words.
fn document_indexes() -> impl Iterator<Item = (&'static str, &'static str)> {
    FOUNDATION.split(';').filter_map(|statement| {
        let text = statement.lines().filter(|line| !line.starts_with("--"));
        let is_index = text.clone().any(|line| {
            RANDOM_INDEXES.iter().any(|index| line.starts_with(index))
                || (line.starts_with("create index document_")
                    || line.starts_with("create unique index document_"))
                    && line.contains(" on document ")
        });
        let start = statement.find("create ")?;
        let text = statement[start..].trim();
        let name = text.split_whitespace().skip_while(|word| *word != "index").nth(1)?;
        is_index.then_some((name, text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indexes_of_documents_are_known() {
        let names: Vec<&str> = document_indexes().map(|(name, _)| name).collect();
        for name in [
            "document_name_key",
            "document_by_folder_name",
            "document_by_newest",
            "document_by_binder",
            "journal_by_object",
            "version_by_blob",
        ] {
            assert!(names.contains(&name), "{names:?}");
        }
        assert!(!names.contains(&"document_name_trgm"));
        let mut of_documents = document_indexes().filter(|(name, _)| name.starts_with("document_"));
        assert!(
            of_documents.all(|(_, text)| text.starts_with("create ") && text.contains(" where "))
        );
    }
}
