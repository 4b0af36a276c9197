//! What SQLite does for the statements that calls wait for: each walks an index and sorts nothing.

use crate::{Query, Sql, Store, StoreSettings, Value, migrate};

/// The statements, by name.
fn statements() -> Vec<(&'static str, Sql)> {
    vec![
        ("documents::FIND", crate::documents::FIND.into()),
        ("documents::LIST", crate::documents::LIST.into()),
        ("documents::BY_KEYS", crate::documents::BY_KEYS),
        ("documents::FIND_BY_NAME", crate::documents::FIND_BY_NAME),
        ("versions::FIND", crate::versions::FIND.into()),
        ("versions::FIND_BY_ID", crate::versions::FIND_BY_ID.into()),
        ("versions::FIND_BY_KEY", crate::versions::FIND_BY_KEY.into()),
        ("versions::LIST", crate::versions::LIST.into()),
        ("folders::FIND", crate::folders::FIND.into()),
        ("folders::LOAD", crate::folders::LOAD.into()),
        ("folders::TABS", crate::folders::TABS.into()),
        ("folders::CHILDREN", crate::folders::CHILDREN.into()),
        ("binders::FIND", crate::binders::FIND.into()),
        ("binders::LIST", crate::binders::LIST.into()),
        ("blobs::JOIN", crate::blobs::JOIN),
        ("blobs::LIST", crate::blobs::LIST.into()),
        ("blobs::DEAD_DUE", crate::blobs::DEAD_DUE.into()),
        ("blobs::MARK_DEAD", crate::blobs::MARK_DEAD.into()),
        ("uploads::FIND", crate::uploads::FIND.into()),
        ("uploads::BEGIN", crate::uploads::BEGIN.into()),
        ("uploads::RECEIVED", crate::uploads::RECEIVED.into()),
        ("uploads::commit::CLAIM", crate::uploads::commit::CLAIM),
        ("uploads::commit::COMMIT", crate::uploads::commit::COMMIT.into()),
        ("uploads::sweep::LIST_EXPIRED", crate::uploads::sweep::LIST_EXPIRED),
        ("uploads::sweep::LIST_DUE", crate::uploads::sweep::LIST_DUE),
        ("uploads::sweep::DUE_ORGANIZATIONS", crate::uploads::sweep::DUE_ORGANIZATIONS.into()),
        ("trash::beneath::LIVE_OF_BINDER", crate::trash::beneath::LIVE_OF_BINDER.into()),
        ("trash::beneath::LIVE_OF_FOLDER", crate::trash::beneath::LIVE_OF_FOLDER.into()),
        ("trash::beneath::MARKED", crate::trash::beneath::MARKED.into()),
        (
            "trash::beneath::MARK_DOCUMENTS_OF_FOLDER",
            crate::trash::beneath::MARK_DOCUMENTS_OF_FOLDER.into(),
        ),
        ("trash::beneath::UNMARK_DOCUMENTS", crate::trash::beneath::UNMARK_DOCUMENTS.into()),
        ("trash::purge::IN_TRASH", crate::trash::purge::IN_TRASH.into()),
        ("trash::purge::VERSIONS", crate::trash::purge::VERSIONS.into()),
        ("trash::purge::REMOVE_UPLOADS", crate::trash::purge::REMOVE_UPLOADS.into()),
        ("journal::READ", crate::journal::READ.into()),
        ("journal::READ_OBJECT", crate::journal::READ_OBJECT.into()),
        ("journal::UNSEALED", crate::journal::UNSEALED.into()),
        ("schema::BUILT_IN", crate::schema::BUILT_IN.into()),
        ("idempotency::FIND", crate::idempotency::FIND.into()),
        ("jobs::DUE", crate::jobs::DUE.into()),
        ("jobs::CLAIM", crate::jobs::CLAIM),
        ("previews::FIND", crate::previews::FIND.into()),
        ("previews::PART", crate::previews::PART.into()),
        ("previews::WALK", crate::previews::WALK.into()),
        ("previews::SOURCE", crate::previews::SOURCE.into()),
        ("derived::FIND", crate::derived::FIND.into()),
        ("derived::LIST", crate::derived::LIST.into()),
        ("derived::IS_NAMED", crate::derived::IS_NAMED.into()),
        ("derived::REMOVE_OF_BLOB", crate::derived::REMOVE_OF_BLOB.into()),
        ("page_text::FIND", crate::page_text::FIND.into()),
    ]
}

/// What looks wrong and is not.
const ACCEPTED: [&str; 5] = [
    // The organizations that ever had a job: a reference table.
    "jobs::DUE: SCAN o",
    // The keys of one page.
    "documents::BY_KEYS: SCAN k VIRTUAL TABLE INDEX 1:",
    "documents::BY_KEYS: USE TEMP B-TREE FOR ORDER BY",
    // Those that expired come first in it.
    "uploads::sweep::LIST_EXPIRED: SEARCH upload USING INDEX upload_by_expires (org=?)",
    // The index has the uploads that are not committed yet, and no others.
    "uploads::sweep::DUE_ORGANIZATIONS: SCAN upload USING INDEX upload_by_expires",
];

/// As many nulls as the statement has parameters.
fn nulls(sql: &str) -> Vec<Value> {
    let count = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
    vec![Value::Null; count]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_that_calls_wait_for_walks_an_index_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let settings = StoreSettings::Embedded { file: dir.path().join("bindery.db") };
    let store = Store::open(&settings).await.unwrap();
    migrate::migrate(&store).await.unwrap();
    let mut wrong = Vec::new();
    for (name, sql) in statements() {
        let sql = sql.sqlite();
        let rows = store.query(format!("explain query plan {sql}"), nulls(sql)).await.unwrap();
        for mut row in rows {
            let step: String = row.take(3).unwrap();
            let step = format!("{name}: {step}");
            let is_wrong =
                [": SCAN", "TEMP B-TREE", "(org=?)"].iter().any(|bad| step.contains(bad));
            if is_wrong && !ACCEPTED.contains(&step.as_str()) {
                wrong.push(step);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
