//! A backup of either shape restores into the other: the way from one machine to several, and back.

use std::path::Path;
use std::process::Command;

use bindery_testkit::{Organization, Server, ServerOptions};

use super::{found, postgres};
use crate::support::PROGRAM;
use crate::support::operator::Ended;

/// Runs a command on a data folder, and on a PostgreSQL database when one is named.
fn run(data_dir: &Path, database_url: Option<&str>, args: &[&str]) -> Ended {
    let mut command = Command::new(PROGRAM);
    command.args(args).arg("--data-dir").arg(data_dir).env_remove("BINDERY_DATABASE_URL");
    if let Some(url) = database_url {
        command.args(["--database-url", url]);
    }
    command.output().unwrap().into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_goes_from_one_shape_to_the_other_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (first, second) = (postgres().database(), postgres().empty_database());
    let options = |data_dir: &str, database_url: Option<String>| ServerOptions {
        data_dir: Some(at(data_dir)),
        database_url,
        ..Default::default()
    };
    let server = Server::start(PROGRAM, options("scale-out", Some(first.url())));
    let organization = Organization::new(&server);
    let document = organization.document("Ritning åäö.pdf", &[("discipline", "a")]).await;
    let copy = at("copy").display().to_string();
    run(&at("scale-out"), Some(&first.url()), &["backup", &copy]).expect(0);

    // Into an embedded database …
    run(&at("solo"), None, &["restore", &copy]).expect(0);
    run(&at("solo"), None, &["check"]).expect(0);
    let back = at("back").display().to_string();
    run(&at("solo"), None, &["backup", &back]).expect(0);
    // … and into another PostgreSQL database, which has no schema yet.
    run(&at("again"), Some(&second.url()), &["restore", &back]).expect(0);
    run(&at("again"), Some(&second.url()), &["check"]).expect(0);
    let restored = Server::start(PROGRAM, options("again", Some(second.url())));
    let there = organization.at(&restored);
    assert_eq!(found(&there.reader(), "åäö").await, 1);
    let id = document["documentId"].as_str().unwrap();
    there.reader().get(&format!("/api/documents/{id}")).await.expect(200);
    there.document("Ritning 2.pdf", &[("discipline", "k")]).await;
    assert_eq!(found(&there.reader(), "ritning").await, 2);
    run(&at("again"), Some(&second.url()), &["check"]).expect(0);

    // What has organizations already is not written over.
    let refused = run(&at("elsewhere"), Some(&second.url()), &["restore", &back]).expect(1);
    assert!(refused.cause().contains("organizations already"), "{}", refused.err);
}
