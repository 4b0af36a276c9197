//! All rows of one database into another that is empty, whatever their engines: the backup of a PostgreSQL database is an
//! SQLite file, and either may be restored from it.
//!
//! What follows from other rows is not copied but made anew: the search tables and the counters.

use std::sync::Arc;

use bindery_domain::Scope;

use crate::bulk::Rows;
use crate::search::bulk;
use crate::{Query, Row, Sql, Store, StoreError, Tx, Value, organizations, params, usage};

/// Rows read at once.
const CHUNK: i64 = 2_000;
/// Rows of one statement.
const ROWS: usize = 100;
/// Set in a copy whose search tables are empty.
const WITHOUT_SEARCH: &str = "copied_without_search";
/// What is copied last, in this order: until then nothing in the copy can be reached.
const LAST: [&str; 4] = ["organization", "client", "client_secret", "sandbox"];

// The migrations are the copy's own; the others follow from other rows, or are made again by whoever has none: previews,
// and the jobs that make them.
const TABLES: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' \
         and name not like 'document_name%' \
         and name not in ('migration', 'facet', 'facet_count', 'change_number', 'usage', 'job', \
         'job_organization', 'preview', 'preview_part', 'derived', 'page_text') order by name",
    ),
    postgres: std::borrow::Cow::Borrowed(
        "select cast(tablename as text) from pg_tables where schemaname = current_schema() \
         and tablename not in ('migration', 'facet', 'facet_count', 'change_number', 'usage', 'job', \
         'job_organization', 'preview', 'preview_part', 'derived', 'page_text') order by 1",
    ),
};
const COLUMNS: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed("select name from pragma_table_info($1) order by cid"),
    postgres: std::borrow::Cow::Borrowed(
        "select cast(attname as text) from pg_attribute where attrelid = cast($1 as regclass) \
         and attnum > 0 and not attisdropped order by attnum",
    ),
};
const KEY: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(
        "select name from pragma_table_info($1) where pk > 0 order by pk",
    ),
    postgres: std::borrow::Cow::Borrowed(
        "select cast(a.attname as text) from pg_index i \
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) \
         where i.indrelid = cast($1 as regclass) and i.indisprimary \
         order by array_position(cast(i.indkey as int2[]), a.attnum)",
    ),
};
// The keys that PostgreSQL hands out go on after those that were copied; SQLite does so by itself.
const IDENTITY: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed("select name from pragma_table_info($1) where false"),
    postgres: std::borrow::Cow::Borrowed(
        "select cast(attname as text) from pg_attribute \
         where attrelid = cast($1 as regclass) and attidentity <> ''",
    ),
};
const LAST_TIME: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed("select 1"),
    postgres: std::borrow::Cow::Borrowed(
        "select next_change_time(coalesce(max(at), 0)) from journal_head",
    ),
};
const USAGE: &str = "insert into usage (org, documents, versions, bytes) values ($1, $2, $3, $4)";

/// Copies a database that does not change meanwhile into another, which has the same schema and no organization, and leaves the search
/// tables for [`fill_search`]. The copy says so itself.
///
/// # Errors
/// As the engines; what was copied so far cannot be reached.
pub(crate) async fn copy_rows(db: &impl Query, to: &Store) -> Result<(), StoreError> {
    let mut tables: Vec<String> = Vec::new();
    for mut row in db.query(TABLES, params![]).await? {
        tables.push(row.take(0)?);
    }
    tables.retain(|table| !LAST.contains(&table.as_str()));
    to.write(|tx| async move { forget(&tx).await }).await?;
    for table in tables {
        copy_table(db, to, &table).await?;
    }
    to.write(|tx| async move { mark(&tx).await }).await?;
    for table in LAST {
        copy_table(db, to, table).await?;
    }
    Ok(())
}

/// Makes search tables and counters of a copy, if it lacks them.
///
/// # Errors
/// As the engine.
pub async fn fill_search(store: &Store) -> Result<(), StoreError> {
    let marked = "select 1 from server_value where name = $1";
    if store.query_opt(marked, params![WITHOUT_SEARCH]).await?.is_none() {
        return Ok(());
    }
    for organization in organizations::list(store).await? {
        let scope = organization.scope();
        let clear = move |tx: Tx| async move { crate::bulk::clear_search(&tx, &scope).await };
        store.write(clear).await?;
        bulk::fill(store, &scope, |_| {}).await?;
        count(store, scope).await?;
    }
    bulk::look(store).await?;
    let done = |tx: Tx| async move {
        tx.query(LAST_TIME, params![]).await?;
        tx.query("delete from server_value where name = $1", params![WITHOUT_SEARCH])
            .await
            .map(drop)
    };
    store.write::<_, _, _, StoreError>(done).await
}

/// Removes what a server has made for itself: the copied takes its place.
async fn forget(tx: &Tx) -> Result<(), StoreError> {
    for table in ["server_value", "signing_key", "revoked_token"] {
        tx.query(format!("delete from {table}"), params![]).await?;
    }
    Ok(())
}

async fn mark(tx: &Tx) -> Result<(), StoreError> {
    crate::server_values::save(tx, WITHOUT_SEARCH, &[1]).await
}

async fn count(store: &Store, scope: Scope) -> Result<(), StoreError> {
    let write = move |tx: Tx| async move {
        let counted = usage::recount(&tx, &scope).await?;
        tx.query("delete from usage where org = $1", params![scope.owner()]).await?;
        let values = params![scope.owner(), counted.documents, counted.versions, counted.bytes];
        tx.query(USAGE, values).await.map(drop)
    };
    store.write(write).await
}

async fn copy_table(db: &impl Query, to: &Store, table: &str) -> Result<(), StoreError> {
    let columns = names(db, COLUMNS, table).await?;
    let key = names(db, KEY, table).await?;
    let list = columns.join(", ");
    let insert: Arc<str> = format!("insert into {table} ({list}) values ").into();
    let places: Vec<usize> =
        key.iter().filter_map(|name| columns.iter().position(|column| column == name)).collect();
    let key = key.join(", ");
    let mut after: Vec<Value> = Vec::new();
    loop {
        let condition = if after.is_empty() {
            String::new()
        } else {
            let bound: Vec<_> = (1..=after.len()).map(|n| format!("${n}")).collect();
            format!(" where ({key}) > ({})", bound.join(", "))
        };
        let text = format!("select {list} from {table}{condition} order by {key} limit {CHUNK}");
        let rows: Vec<Vec<Value>> = db
            .query(text, std::mem::take(&mut after))
            .await?
            .into_iter()
            .map(Row::into_values)
            .collect();
        let is_last = rows.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        if let Some(last) = rows.last() {
            after = places.iter().map(|place| last[*place].clone()).collect();
        }
        write(to, &insert, rows).await?;
        if is_last {
            break;
        }
    }
    for column in names(to, IDENTITY, table).await? {
        let text = format!(
            "select setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false) \
             from {table}"
        );
        let write = move |tx: Tx| {
            let text = text.clone();
            async move { tx.query(text, params![]).await.map(drop) }
        };
        to.write::<_, _, _, StoreError>(write).await?;
    }
    Ok(())
}

async fn names(db: &impl Query, sql: Sql, table: &str) -> Result<Vec<String>, StoreError> {
    let rows = db.query(sql, params![table]).await?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

async fn write(to: &Store, insert: &Arc<str>, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let (insert, rows) = (Arc::clone(insert), Arc::new(rows));
    let written = to.write(move |tx| {
        let (insert, rows) = (Arc::clone(&insert), Arc::clone(&rows));
        async move {
            let mut all = Rows::new(insert.to_string());
            for row in rows.iter() {
                all.push(row.clone());
                all.flush(&tx, ROWS).await?;
            }
            all.flush(&tx, 1).await
        }
    });
    written.await
}
