//! A backup of either shape restores into the other: the way from one machine to several, and back.

use std::path::Path;
use std::process::Command;

use bindery_testkit::{Organization, S3Place, S3Server, Server, ServerOptions};

use super::{PREFIX, found, postgres};
use crate::support::PROGRAM;
use crate::support::operator::Ended;

/// Where an installation has its rows and bytes, when not in its data folder.
type Elsewhere = Option<(String, S3Place)>;

/// Runs a command on a data folder, or on a PostgreSQL database and a bucket when these are named.
fn run(data_dir: &Path, elsewhere: &Elsewhere, args: &[&str]) -> Ended {
    let mut command = Command::new(PROGRAM);
    command.args(args).arg("--data-dir").arg(data_dir);
    if let Some((url, bucket)) = elsewhere {
        command.args(["--database-url", url]).envs(bucket.environment(PREFIX));
    }
    command.output().unwrap().into()
}

fn serve(data_dir: &Path, elsewhere: &Elsewhere) -> Server {
    let (url, bucket) = elsewhere.clone().unwrap();
    let (data_dir, database_url) = (Some(data_dir.to_owned()), Some(url));
    let env = bucket.environment(PREFIX);
    Server::start(PROGRAM, ServerOptions { data_dir, database_url, env, ..Default::default() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_goes_from_one_shape_to_the_other_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let databases = (postgres().database(), postgres().empty_database());
    let bucket = || S3Server::shared().new_place();
    let (first, second) =
        (Some((databases.0.url(), bucket())), Some((databases.1.url(), bucket())));
    let server = serve(&at("scale-out"), &first);
    let organization = Organization::new(&server);
    let document = organization.document("Ritning åäö.pdf", &[("discipline", "a")]).await;
    let copy = at("copy").display().to_string();
    run(&at("scale-out"), &first, &["backup", &copy]).expect(0);

    // Into an embedded database …
    run(&at("solo"), &None, &["restore", &copy]).expect(0);
    run(&at("solo"), &None, &["check"]).expect(0);
    let back = at("back").display().to_string();
    run(&at("solo"), &None, &["backup", &back]).expect(0);
    // … and into another PostgreSQL database, which has no schema yet, and another bucket.
    run(&at("again"), &second, &["restore", &back]).expect(0);
    run(&at("again"), &second, &["check"]).expect(0);
    assert!(!at("scale-out").exists() && !at("again").exists(), "something was kept beside");
    let restored = serve(&at("again"), &second);
    let there = organization.at(&restored);
    assert_eq!(found(&there.reader(), "åäö").await, 1);
    let id = document["documentId"].as_str().unwrap();
    let version = there.reader().get(&format!("/api/documents/{id}")).await.expect(200).json();
    let url =
        format!("/api/documents/{id}/versions/{}", version["latestVersionId"].as_str().unwrap());
    let version = there.reader().get(&url).await.expect(200).json();
    let bytes = there.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!(bytes.body, "Ritning åäö.pdf".as_bytes());
    there.document("Ritning 2.pdf", &[("discipline", "k")]).await;
    assert_eq!(found(&there.reader(), "ritning").await, 2);
    run(&at("again"), &second, &["check"]).expect(0);

    // What has organizations already is not written over, and no bytes are copied for nothing.
    let empty = bucket();
    let elsewhere = Some((databases.1.url(), empty.clone()));
    let refused = run(&at("elsewhere"), &elsewhere, &["restore", &back]).expect(1);
    assert!(refused.cause().contains("organizations already"), "{}", refused.err);
    let folder = S3Server::shared().folder_of(&empty);
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_without_bytes_is_restored_where_its_bytes_have_been_brought() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let databases = (postgres().database(), postgres().empty_database());
    let (live, brought) = (S3Server::shared().new_place(), S3Server::shared().new_place());
    let first = Some((databases.0.url(), live.clone()));
    let server = serve(&at("live"), &first);
    let organization = Organization::new(&server);
    let document = organization.document("a.pdf", &[]).await;
    organization.document("b.pdf", &[]).await;
    let copy = at("copy").display().to_string();
    run(&at("live"), &first, &["backup", "--no-blobs", &copy]).expect(0);
    organization.document("later.pdf", &[]).await;

    // The storage's own tools bring what the list names.
    let list = std::fs::read_to_string(at("copy").join("blobs.txt")).unwrap();
    let keys: Vec<_> = list.lines().collect();
    assert_eq!(keys.len(), 2, "{list}");
    let file = |place: &S3Place, key: &str| S3Server::shared().folder_of(place).join(key);
    let bring = |key: &str| {
        std::fs::create_dir_all(file(&brought, key).parent().unwrap()).unwrap();
        std::fs::copy(file(&live, key), file(&brought, key)).unwrap();
    };
    let second = Some((databases.1.url(), brought.clone()));
    let refused = |because: &str| {
        let refused = run(&at("again"), &second, &["restore", &copy]).expect(1);
        assert!(refused.err.contains(because), "{}", refused.err);
    };
    bring(keys[0]);
    refused("is not in the storage");
    bring(keys[1]);
    let whole = std::fs::read(file(&brought, keys[1])).unwrap();
    std::fs::write(file(&brought, keys[1]), vec![b'?'; whole.len()]).unwrap();
    refused("is damaged");
    bring(keys[1]);
    // What was refused left nothing that is in the way.
    run(&at("again"), &second, &["restore", &copy]).expect(0);
    run(&at("again"), &second, &["check"]).expect(0);
    let restored = serve(&at("again"), &second);
    let there = organization.at(&restored);
    assert_eq!(found(&there.reader(), "pdf").await, 2);
    let path = ["documentId", "id"].map(|member| document[member].as_str().unwrap());
    let path = format!("/api/documents/{}/versions/{}", path[0], path[1]);
    let version = there.reader().get(&path).await.expect(200).json();
    let bytes = there.anonymous().get(version["downloadUrl"].as_str().unwrap()).await.expect(200);
    assert_eq!(bytes.body, b"a.pdf");
}
