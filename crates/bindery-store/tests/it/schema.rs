//! Rules of the data model, read from the databases' own catalogues.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bindery_store::{Query, Store, StoreError, migrate, params};

use crate::database::TestDatabase;
use crate::on_both_engines;

on_both_engines!(
    every_key_of_an_organization_begins_with_it,
    a_database_that_is_newer_is_refused,
    a_migration_with_another_text_is_refused,
    migrating_twice_changes_nothing,
);

/// Small, and looked up before an organization is known.
const REFERENCE_TABLES: [&str; 8] = [
    "organization",
    "client",
    "client_secret",
    "signing_key",
    "revoked_token",
    "server_value",
    "job_organization",
    "migration",
];

/// Each unique index: its table, its name, its first column; and whether it is the internal key's own.
async fn unique_indexes(store: &Store) -> Vec<(String, String, String)> {
    let sql = bindery_store::Sql::Each {
        // The internal key is the rowid and has no index; document_name's tables are the trigram index's own.
        sqlite: "select s.name, i.name, c.name
            from sqlite_schema s, pragma_index_list(s.name) i, pragma_index_info(i.name) c
            where s.type = 'table' and i.\"unique\" and c.seqno = 0 and s.name not like 'document_name%'"
            .into(),
        postgres: "select cast(t.relname as text), cast(i.relname as text), pg_get_indexdef(i.oid, 1, true)
            from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
            where x.indisunique and t.relnamespace = 'public'::regnamespace"
            .into(),
    };
    let rows = store.query(sql, params![]).await.unwrap();
    rows.into_iter()
        .map(|mut row| (row.take(0).unwrap(), row.take(1).unwrap(), row.take(2).unwrap()))
        .collect()
}

async fn every_key_of_an_organization_begins_with_it(database: TestDatabase) {
    let indexes = unique_indexes(&database.store).await;
    assert!(indexes.len() > 20, "{indexes:?}");
    for (table, index, first) in indexes {
        assert!(
            first == "org" || REFERENCE_TABLES.contains(&table.as_str()),
            "{index} on {table} begins with {first}"
        );
    }
}

async fn a_database_that_is_newer_is_refused(database: TestDatabase) {
    let sql =
        "insert into migration (version, name, checksum, applied) values (9999, 'later', $1, 1)";
    database
        .store
        .write(move |tx| async move { tx.query(sql, params![[0; 32]]).await })
        .await
        .unwrap();
    for answer in
        [migrate::status(&database.store).await.err(), migrate::apply(&database.store).await.err()]
    {
        let error = answer.unwrap();
        assert!(matches!(&error, StoreError::Schema(why) if why.contains("9999_later")), "{error}");
    }
}

async fn a_migration_with_another_text_is_refused(database: TestDatabase) {
    let sql = "update migration set checksum = $1 where version = 1";
    database
        .store
        .write(move |tx| async move { tx.query(sql, params![[0; 32]]).await })
        .await
        .unwrap();
    let error = migrate::apply(&database.store).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Schema(why) if why.contains("0001_foundation")),
        "{error}"
    );
}

async fn migrating_twice_changes_nothing(database: TestDatabase) {
    let before = migrate::status(&database.store).await.unwrap();
    assert!(before.pending.is_empty());
    assert!(migrate::apply(&database.store).await.unwrap().is_empty());
    assert_eq!(migrate::status(&database.store).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    let of_sqlite = "select t.name, c.name, lower(c.type) || case when c.\"notnull\" or c.pk > 0 then ' not null' else '' end
        from sqlite_schema t, pragma_table_info(t.name) c
        where t.type = 'table' and t.name not like 'document_name%' and t.name not like 'sqlite_%'";
    let of_postgres = "select cast(table_name as text), cast(column_name as text),
            case data_type when 'bigint' then 'integer' when 'bytea' then 'blob' when 'double precision' then 'real'
                else cast(data_type as text) end
            || case is_nullable when 'NO' then ' not null' else '' end
        from information_schema.columns where table_schema = 'public'
            and not (table_name in ('facet_count', 'change_number', 'usage') and column_name = 'part')";
    let sqlite = columns(&sqlite.store, of_sqlite).await;
    assert_eq!(sqlite, columns(&postgres.store, of_postgres).await);
    assert!(sqlite.len() > 150);
}

/// `table.column` to its type.
async fn columns(store: &Store, sql: &'static str) -> BTreeMap<String, String> {
    let rows = store.query(sql, params![]).await.unwrap();
    let columns = rows.into_iter().map(|mut row| {
        let (table, column): (String, String) = (row.take(0).unwrap(), row.take(1).unwrap());
        (format!("{table}.{column}"), row.take(2).unwrap())
    });
    columns.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_compared_by_its_bytes_on_postgres() {
    let database = TestDatabase::postgres().await;
    let sql = "select cast(table_name as text) || '.' || cast(column_name as text) from information_schema.columns
        where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'";
    let rows = database.store.query(sql, params![]).await.unwrap();
    assert!(rows.is_empty(), "{rows:?}");
}

/// A change that names no organization goes to every machine of a Citus cluster, or is refused there.
#[tokio::test(flavor = "multi_thread")]
async fn no_change_of_an_organizations_rows_goes_without_its_key() {
    let database = TestDatabase::postgres().await;
    let sql = "select cast(table_name as text) from information_schema.columns
        where table_schema = 'public' and column_name = 'org'";
    let rows = database.store.query(sql, params![]).await.unwrap();
    let tables: Vec<String> = rows.into_iter().map(|mut row| row.take(0).unwrap()).collect();
    let of_organizations =
        |table: &str| tables.iter().any(|known| known == table) && !is_reference(table);
    let mut seen = 0;
    for (file, text) in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        for (verb, at) in ["update ", "delete from "]
            .into_iter()
            .flat_map(|verb| text.match_indices(verb).map(move |(at, _)| (verb, at)))
        {
            let rest = &text[at + verb.len()..];
            let table = rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            let statement = rest.split('"').next().unwrap();
            // What is no statement names no table, or says nothing of rows.
            let is_change = verb != "update " || statement.contains(" set ");
            if of_organizations(table) && is_change {
                seen += 1;
                assert!(statement.contains("org = "), "{}: {verb}{statement}", file.display());
            }
        }
    }
    assert!(seen > 80, "only {seen} statements were found");
}

fn is_reference(table: &str) -> bool {
    REFERENCE_TABLES.contains(&table) || table == "sandbox"
}

/// The texts of all source files below a folder.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            all.push((path, text));
        }
    }
    all
}
