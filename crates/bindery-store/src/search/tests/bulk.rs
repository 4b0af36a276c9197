//! A bulk load ends with the same search tables as entering one document after the other.

use super::dice::Dice;
use super::fixture::Fixture;
use super::place::Engine;
use crate::search::bulk;
use crate::{Query, Row, Sql, StoreError, params};

super::on_both_engines!(a_bulk_load_fills_the_same_tables, dropped_indexes_come_back);

const FACETS: &str = "select org, binder, element, value, newest, document, tab, exact from facet order by 1, 2, 3, 4, 5, 6";
const COUNTS: &str = "select org, element, value, binder, tab, cast(sum(n) as bigint) from facet_count \
    group by org, element, value, binder, tab having sum(n) <> 0 order by 1, 2, 3, 4, 5";

/// The documents whose names the trigram index finds.
fn names() -> Sql {
    Sql::Each {
        sqlite: "select rowid from document_name where document_name match 'name : \"itn\"' order by rowid".into(),
        postgres: "select document from document where org = 7 and name_search like '%itn%' order by 1".into(),
    }
}

async fn tables(fixture: &Fixture) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    for sql in [FACETS.into(), COUNTS.into(), names()] {
        tables.push(fixture.store.query(sql, params![]).await.unwrap());
    }
    tables
}

async fn a_bulk_load_fills_the_same_tables(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(9), 80).await;
    let before = tables(&fixture).await;
    assert!(before.iter().all(|rows| !rows.is_empty()));
    let scope = fixture.scope;
    let emptied = fixture.store.write(move |tx| async move {
        crate::bulk::clear_search(&tx, &scope).await?;
        bulk::drop_indexes(&tx).await?;
        bulk::create_indexes(&tx).await
    });
    emptied.await.unwrap();
    let mut done = 0;
    bulk::fill(&fixture.store, &fixture.scope, |documents| done += documents).await.unwrap();
    assert_eq!(done, i64::try_from(fixture.model.documents.len()).unwrap());
    assert_eq!(tables(&fixture).await, before);
}

async fn dropped_indexes_come_back(engine: Engine) {
    let fixture = Fixture::new(engine, &mut Dice::new(9), 0).await;
    let indexes = || {
        Sql::Each {
        sqlite: "select name from sqlite_schema where tbl_name = 'document' and type = 'index' order by name".into(),
        postgres: "select cast(indexname as text) from pg_indexes where tablename = 'document' order by 1".into(),
    }
    };
    let before = fixture.store.query(indexes(), params![]).await.unwrap();
    fixture.store.write(|tx| async move { bulk::drop_indexes(&tx).await }).await.unwrap();
    assert!(fixture.store.query(indexes(), params![]).await.unwrap().len() < before.len());
    let made = fixture.store.write(|tx| async move {
        bulk::create_indexes(&tx).await?;
        Ok::<_, StoreError>(())
    });
    made.await.unwrap();
    assert_eq!(fixture.store.query(indexes(), params![]).await.unwrap(), before);
}
