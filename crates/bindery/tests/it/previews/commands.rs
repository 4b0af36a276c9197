//! `bindery previews`.

use bindery_testkit::Organization;
use serde_json::{Value, json};

use super::{commit, server, settled, until};
use crate::support::operator::run;

#[tokio::test]
async fn status_counts_what_stands_where_and_rebuild_makes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let without = server(folder.path(), 0);
    let organization = Organization::new(&without);
    for name in ["arabic.pdf", "password-ascii.pdf"] {
        commit(&organization, name).await;
    }
    let status = |of: &[&str]| -> Value {
        let args = [&["previews", "status", "--json"], of].concat();
        serde_json::from_str(&run(folder.path(), &args).expect(0).out).unwrap()
    };
    let before = status(&[]);
    assert_eq!(before[0]["states"], json!({ "pending": 2 }));
    assert_eq!((&before[0]["jobs"], &before[0]["pictures"]), (&2.into(), &0.into()));
    without.kill();
    let with = server(folder.path(), 1);
    let done = || status(&[])[0]["jobs"] == 0;
    until(async || done().then_some(())).await;
    let after = status(&["--organization", &organization.id]);
    assert_eq!(after[0]["states"], json!({ "ready": 1, "encrypted": 1 }));
    assert_eq!(after[0]["pictures"], 1);
    assert!(after[0]["pictureBytes"].as_i64().unwrap() > 100);
    let text = run(folder.path(), &["previews", "status"]).expect(0).out;
    assert!(text.contains("1 encrypted, 1 ready; 0 jobs waiting; 1 pictures"), "{text}");

    let rebuilt = run(folder.path(), &["previews", "rebuild", "--json"]).expect(0).out;
    assert_eq!(rebuilt.trim(), r#"{"queued":2}"#);
    until(async || done().then_some(())).await;
    // Pictures that did not change are kept.
    assert_eq!(status(&[])[0]["pictureBytes"], after[0]["pictureBytes"]);
    drop(with);
}

#[tokio::test]
async fn a_ready_preview_stays_while_it_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let version = commit(&organization, "arabic.pdf").await;
    let reader = organization.reader();
    settled(&reader, &version).await;
    let args = ["previews", "rebuild", "--organization", &organization.id];
    let said = server.command_ok(&args);
    assert!(said.starts_with("1 previews queued"), "{said}");
    let preview = reader.get(&format!("{}/preview", super::path(&version))).await.expect(200);
    assert_eq!(preview.json()["state"], "ready");
}
