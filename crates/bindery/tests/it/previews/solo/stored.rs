//! What is kept of a file beside its pictures: the words of its pages.

use bindery_testkit::Organization;
use rusqlite::Connection;
use serde_json::Value;

use crate::previews::{commit, server, settled};

#[tokio::test]
async fn the_words_of_a_page_are_kept_with_their_boxes() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let version = commit(&organization, "A-40.1-1100.pdf").await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!(preview["state"], "ready");
    let database = Connection::open(server.data_dir().join("bindery.db")).unwrap();
    let words: Vec<u8> = database
        .query_row("select words from page_text where page = 1", [], |row| row.get(0))
        .unwrap();
    let json = miniz_oxide::inflate::decompress_to_vec(&words).unwrap();
    let words: Vec<(String, f64, f64, f64, f64)> = serde_json::from_slice(&json).unwrap();
    let found = words.iter().find(|word| word.0.contains("BJÖRKEN")).unwrap();
    let page = &preview["pages"][0];
    let inside = |value: f64, edge: &Value| value >= 0.0 && value <= edge.as_f64().unwrap();
    assert!(inside(found.1, &page["widthPt"]) && inside(found.2, &page["heightPt"]), "{found:?}");
    assert!(found.3 > 0.0 && found.4 > 0.0, "{found:?}");
}
