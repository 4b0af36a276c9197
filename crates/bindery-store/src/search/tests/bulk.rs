//! A bulk load ends with the same search tables as entering one document after the other.

use super::dice::Dice;
use super::fixture::Fixture;
use crate::search::bulk;
use crate::{Query, Row, StoreError, params};

const FACETS: &str = "select org, binder, element, value, newest, document, tab, exact from facet order by 1, 2, 3, 4, 5, 6";
const COUNTS: &str = "select org, element, value, binder, tab, n from facet_count where n <> 0 order by 1, 2, 3, 4, 5";
const NAMES: &str =
    "select rowid from document_name where document_name match 'name : \"itn\"' order by rowid";

async fn tables(fixture: &Fixture) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    for sql in [FACETS, COUNTS, NAMES] {
        tables.push(fixture.store.query(sql, params![]).await.unwrap());
    }
    tables
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_load_fills_the_same_tables() {
    let fixture = Fixture::new(&mut Dice::new(9), 80).await;
    let before = tables(&fixture).await;
    assert!(before.iter().all(|rows| !rows.is_empty()));
    let emptied = fixture.store.write(|tx| async move {
        for sql in ["delete from facet", "delete from facet_count", "delete from document_name"] {
            tx.query(sql, params![]).await?;
        }
        bulk::drop_indexes(&tx).await?;
        bulk::create_indexes(&tx).await
    });
    emptied.await.unwrap();
    let mut done = 0;
    bulk::fill(&fixture.store, &fixture.scope, |documents| done += documents).await.unwrap();
    assert_eq!(done, i64::try_from(fixture.model.documents.len()).unwrap());
    assert_eq!(tables(&fixture).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_indexes_come_back() {
    let fixture = Fixture::new(&mut Dice::new(9), 0).await;
    let indexes = "select name from sqlite_schema where tbl_name = 'document' and type = 'index' order by name";
    let before = fixture.store.query(indexes, params![]).await.unwrap();
    fixture.store.write(|tx| async move { bulk::drop_indexes(&tx).await }).await.unwrap();
    assert!(fixture.store.query(indexes, params![]).await.unwrap().len() < before.len());
    let made = fixture.store.write(|tx| async move {
        bulk::create_indexes(&tx).await?;
        Ok::<_, StoreError>(())
    });
    made.await.unwrap();
    assert_eq!(fixture.store.query(indexes, params![]).await.unwrap(), before);
}
