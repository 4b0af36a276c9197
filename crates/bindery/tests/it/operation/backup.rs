//! A copy while the server runs, and back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bindery_testkit::{Organization, Server, ServerOptions, Shape, stored_files};
use tempfile::TempDir;

use crate::support::operator::{check_is_clean, files, run};
use crate::support::traffic::Traffic;
use crate::support::{PROGRAM, tell};

/// A server with a document, and a backup of it.
struct Backed {
    folder: TempDir,
    server: Server,
    organization: Organization,
    copy: PathBuf,
}

impl Backed {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(PROGRAM, ServerOptions::default());
        let organization = Organization::new(&server);
        organization.document("a.pdf", &[]).await;
        let copy = folder.path().join("copy");
        run(server.data_dir(), &["backup", path(&copy)]).expect(0);
        Self { folder, server, organization, copy }
    }

    /// A restore into a place that must stay without a database.
    #[track_caller]
    fn restore_is_refused(&self, because: &str) {
        let target = self.folder.path().join("target");
        let refused = run(&target, &["restore", path(&self.copy)]).expect(1);
        assert!(refused.cause().contains(because), "{}", refused.err);
        assert!(!target.join("bindery.db").exists(), "a server would take this for data");
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The one blob of a copy.
fn only_copied(folder: &Path) -> PathBuf {
    let mut blobs = files(folder);
    blobs.retain(|file| !file.ends_with("blocks/boot"));
    only(blobs)
}

fn only(mut blobs: Vec<PathBuf>) -> PathBuf {
    assert_eq!(blobs.len(), 1, "{blobs:?}");
    blobs.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_restores_whole_with_all_that_was_acknowledged_before() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Arc::new(Organization::new(&server));
    let traffic = Traffic::start(&organization, 4, 5).await;
    traffic.reach(40).await;
    let before = traffic.acknowledged();
    let copy = folder.path().join("copy");
    let (data_dir, target) = (server.data_dir().to_owned(), copy.clone());
    let backup = tokio::task::spawn_blocking(move || run(&data_dir, &["backup", path(&target)]));
    let backup = backup.await.unwrap().expect(0);
    let meanwhile = traffic.acknowledged().len() - before.len();
    let (all, _) = traffic.end().await;
    tell(&format!(
        "{} versions before, {meanwhile} during the backup, {} in the end",
        before.len(),
        all.len()
    ));
    assert!(meanwhile > 0, "nothing was committed while the copy was made");
    assert!(backup.out.contains("every digest verified"), "{}", backup.out);
    check_is_clean(server.data_dir());

    let data_dir = folder.path().join("restored");
    run(&data_dir, &["restore", path(&copy)]).expect(0);
    check_is_clean(&data_dir);
    let restored =
        Server::start(PROGRAM, ServerOptions { data_dir: Some(data_dir), ..Default::default() });
    let there = organization.at(&restored);
    let creator = there.creator();
    for version in before {
        version.must_be_there(&creator).await;
    }
    there.document("after.pdf", &[]).await;
    check_is_clean(restored.data_dir());
}

#[tokio::test]
async fn an_upload_that_waits_for_its_commit_is_in_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    let upload = organization.upload(&organization.creator(), b"waits").await;
    let (copy, data_dir) = (folder.path().join("copy"), folder.path().join("restored"));
    run(server.data_dir(), &["backup", path(&copy)]).expect(0);
    run(&data_dir, &["restore", path(&copy)]).expect(0);
    let restored =
        Server::start(PROGRAM, ServerOptions { data_dir: Some(data_dir), ..Default::default() });
    let there = organization.at(&restored);
    let version = there.commit(&there.creator(), &there.tab(0), &upload, "a.pdf", &[]).await;
    let link = version.expect(200).json()["downloadUrl"].clone();
    let bytes = there.anonymous().get(link.as_str().unwrap()).await.expect(200).body;
    assert_eq!(bytes, b"waits");
}

#[tokio::test]
async fn a_backup_into_a_folder_that_is_not_empty_is_refused() {
    let backed = Backed::new().await;
    let before = fs::metadata(backed.copy.join("bindery.db")).unwrap().modified().unwrap();
    let refused = run(backed.server.data_dir(), &["backup", path(&backed.copy)]).expect(1);
    assert!(refused.cause().contains("is not empty"), "{}", refused.err);
    assert_eq!(fs::metadata(backed.copy.join("bindery.db")).unwrap().modified().unwrap(), before);
}

#[tokio::test]
async fn a_backup_of_damaged_bytes_is_refused_and_is_none() {
    let backed = Backed::new().await;
    fs::write(only(stored_files(backed.server.data_dir())), "A.pdf").unwrap();
    let copy = backed.folder.path().join("second");
    let refused = run(backed.server.data_dir(), &["backup", path(&copy)]).expect(1);
    assert!(refused.cause().contains("damaged"), "{}", refused.err);
    assert!(!copy.join("COMPLETE").exists());
}

#[tokio::test]
async fn a_backup_that_broke_off_is_not_restored() {
    let backed = Backed::new().await;
    fs::remove_file(backed.copy.join("COMPLETE")).unwrap();
    backed.restore_is_refused("is no whole backup");
}

#[tokio::test]
async fn a_backup_with_damaged_or_missing_bytes_is_not_restored() {
    let backed = Backed::new().await;
    let file = only_copied(&backed.copy.join("blobs"));
    fs::write(&file, "A.pdf").unwrap();
    backed.restore_is_refused("damaged");
    // Where it holds nothing that is kept, it is gone already.
    let _ = fs::remove_dir_all(backed.folder.path().join("target"));
    fs::remove_file(&file).unwrap();
    backed.restore_is_refused("blob");
}

#[tokio::test]
async fn a_data_dir_that_has_something_is_not_restored_into() {
    let backed = Backed::new().await;
    backed.organization.document("b.pdf", &[]).await;
    let refused = run(backed.server.data_dir(), &["restore", path(&backed.copy)]).expect(1);
    let because = match Shape::of_run() {
        Shape::Solo => "is not empty",
        Shape::ScaleOut => "has organizations already",
    };
    assert!(refused.cause().contains(because), "{}", refused.err);
    backed.organization.document("c.pdf", &[]).await;
    check_is_clean(backed.server.data_dir());
}
