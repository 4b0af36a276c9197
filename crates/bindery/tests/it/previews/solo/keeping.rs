//! Pictures in the storage: checked, lost, made again, left out of backups.

use std::fs;
use std::path::{Path, PathBuf};

use bindery_testkit::{Organization, Server};
use rusqlite::Connection;

use crate::previews::{commit, server, with_thumbnail};
use crate::support::operator::{check_is_clean, files, run};

/// The files of the pictures.
fn pictures(data_dir: &Path) -> Vec<PathBuf> {
    let database = Connection::open(data_dir.join("bindery.db")).unwrap();
    let mut ids = database.prepare("select lower(hex(id)) from derived").unwrap();
    let ids = ids.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>();
    let ids = ids.unwrap();
    let is_picture = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().replace('-', "");
        ids.contains(&name)
    };
    files(&data_dir.join("blobs")).into_iter().filter(is_picture).collect()
}

async fn with_one_picture(data_dir: &Path) -> (Server, Organization, String) {
    let server = server(data_dir, 1);
    let organization = Organization::new(&server);
    let version = commit(&organization, "arabic.pdf").await;
    let version = with_thumbnail(&organization.reader(), &version).await;
    let url = version["thumbnailUrl"].as_str().unwrap().to_owned();
    (server, organization, url)
}

#[tokio::test]
async fn a_picture_that_is_gone_is_made_again_when_it_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, organization, url) = with_one_picture(folder.path()).await;
    let before = organization.anonymous().get(&url).await.expect(200).body;
    let files = pictures(folder.path());
    assert_eq!(files.len(), 1);
    fs::remove_file(&files[0]).unwrap();
    assert_eq!(organization.anonymous().get(&url).await.expect(200).body, before);
    // One that a power cut left too short as well.
    let files = pictures(folder.path());
    fs::write(&files[0], b"short").unwrap();
    assert_eq!(organization.anonymous().get(&url).await.expect(200).body, before);
}

#[tokio::test]
async fn check_names_pictures_that_are_gone_and_has_them_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (server, organization, url) = with_one_picture(folder.path()).await;
    let files = pictures(folder.path());
    fs::write(&files[0], b"not what was stored").unwrap();
    let name = files[0].strip_prefix(folder.path()).unwrap().display().to_string();
    let found = run(folder.path(), &["check"]).expect(0);
    assert_eq!(found.lines("picture").len(), 1, "{}", found.out);
    assert!(found.lines("picture")[0].contains(&name), "{}", found.out);
    assert_eq!(found.lines("damaged").len() + found.lines("missing").len(), 0);
    let repaired = run(folder.path(), &["check", "--repair"]).expect(0);
    assert!(repaired.lines("picture")[0].contains("will be made again"), "{}", repaired.out);
    let answer = organization.anonymous().get(&url).await.expect(200);
    assert_eq!(crate::previews::size(&answer.body).1, 512);
    crate::previews::until(async || {
        let found = run(folder.path(), &["check"]).expect(0);
        found.lines("picture").is_empty().then_some(())
    })
    .await;
    drop(server);
}

#[tokio::test]
async fn a_backup_leaves_pictures_out_and_a_restored_server_makes_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, restored] = ["data", "copy", "restored"].map(|name| folder.path().join(name));
    fs::create_dir(&data).unwrap();
    let (server, organization, _) = with_one_picture(&data).await;
    run(&data, &["backup", copy.to_str().unwrap()]).expect(0);
    assert_eq!(files(&copy.join("blobs/blobs")).len(), 1);
    server.kill();
    run(&restored, &["restore", copy.to_str().unwrap()]).expect(0);
    check_is_clean(&restored);
    let again = crate::previews::server(&restored, 1);
    let there = organization.at(&again);
    let search = there.reader().post("/api/documents", &serde_json::json!({})).await.expect(200);
    let document = search.json()["items"][0].clone();
    let version =
        serde_json::json!({ "documentId": document["id"], "id": document["latestVersionId"] });
    with_thumbnail(&there.reader(), &version).await;
    assert_eq!(pictures(&restored).len(), 1);
}
