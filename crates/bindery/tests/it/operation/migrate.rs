//! The schema of the database, older and newer than the program.

use std::path::PathBuf;
use std::time::Duration;

use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::PROGRAM;
use crate::support::operator::run;

/// A data dir with an organization, and no server on it.
fn stopped() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let options = ServerOptions { data_dir: Some(data_dir.clone()), ..Default::default() };
    let server = Server::start(PROGRAM, options);
    Organization::new(&server);
    server.signal("TERM");
    assert_eq!(server.wait_within(Duration::from_secs(30)), Some(0));
    (folder, data_dir)
}

#[test]
fn an_up_to_date_schema_is_left_alone() {
    let (_folder, data_dir) = stopped();
    let done = run(&data_dir, &["migrate"]).expect(0);
    assert_eq!(done.out, "the schema is up to date\n");
    let done = run(&data_dir, &["migrate", "--json"]).expect(0);
    let done: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(done, json!({ "copy": null, "applied": [] }));
}

#[test]
fn a_database_newer_than_the_program_is_refused_by_every_command() {
    let (_folder, data_dir) = stopped();
    let future = "insert into migration select 999, 'from_the_future', checksum, 0 from migration where version = 1";
    bindery_testkit::tamper(&data_dir, future);
    let file = data_dir.with_file_name("organizations.json");
    std::fs::write(&file, r#"{ "organizations": [{ "name": "Fastighets AB Exempel" }] }"#).unwrap();
    for args in [
        &["serve", "--listen", "127.0.0.1:0"] as &[_],
        &["migrate"],
        &["check"],
        &["journal"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["provision", file.to_str().unwrap()],
        &["backup", data_dir.with_file_name("copy").to_str().unwrap()],
    ] {
        let refused = run(&data_dir, args).expect(1);
        assert_eq!(refused.out, "", "{args:?}");
        assert!(refused.cause().contains("newer"), "{args:?}: {}", refused.err);
    }
}
