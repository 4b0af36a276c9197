//! Jobs: written with the commit, one for equal bytes, and found again after anything.

use rusqlite::Connection;
use serde_json::Value;

use crate::previews::{commit, commit_as, file, server, settled, with_thumbnail};
use bindery_testkit::{Organization, Server};

fn database(server: &Server) -> Connection {
    Connection::open(server.data_dir().join("bindery.db")).unwrap()
}

fn count(server: &Server, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    database(server).query_row(&sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_commit_leaves_one_job_and_a_refused_one_none() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 0);
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.upload(&creator, &file("arabic.pdf")).await;
    let tab = organization.tab(0);
    let wrong = [("area", "wide")];
    organization.commit(&creator, &tab, &upload, "a.pdf", &wrong).await.error_fields();
    assert_eq!(count(&server, "job"), 0);
    let version = organization.commit(&creator, &tab, &upload, "a.pdf", &[]).await.expect(200);
    assert_eq!(count(&server, "job"), 1);
    // The same commit again, and equal bytes in other documents: nothing more to do.
    let again = organization.commit(&creator, &tab, &upload, "a.pdf", &[]).await.expect(200);
    assert_eq!(again.json()["id"], version.json()["id"]);
    commit_as(&organization, "b.pdf", &file("arabic.pdf")).await;
    commit_as(&organization, "a.pdf", &file("arabic.pdf")).await;
    assert_eq!(count(&server, "job"), 1);
    // Another organization has bytes of its own.
    commit_as(&Organization::new(&server), "a.pdf", &file("arabic.pdf")).await;
    assert_eq!(count(&server, "job"), 2);
}

#[tokio::test]
async fn equal_bytes_are_rendered_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let reader = organization.reader();
    let first = commit_as(&organization, "a.pdf", &file("arabic.pdf")).await;
    with_thumbnail(&reader, &first).await;
    assert_eq!(count(&server, "job"), 0);
    // Without workers a job that is queued stays where it can be counted.
    server.kill();
    let server = crate::previews::server(folder.path(), 0);
    let organization = organization.at(&server);
    for name in ["b.pdf", "c.pdf"] {
        // It is there from the first answer on.
        let version = commit_as(&organization, name, &file("arabic.pdf")).await;
        assert_ne!(version["thumbnailUrl"], Value::Null);
        assert_eq!(count(&server, "job"), 0, "{name} is rendered again");
        let preview = settled(&organization.reader(), &version).await;
        assert_eq!(preview["state"], "ready");
        // Asking has queued the picture of the first page.
        database(&server).execute("delete from job", []).unwrap();
    }
}

#[tokio::test]
async fn what_was_committed_before_there_were_workers_is_made_when_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let without = server(folder.path(), 0);
    let organization = Organization::new(&without);
    let queued = commit(&organization, "arabic.pdf").await;
    let old = commit(&organization, "image-300dpi.png").await;
    without.kill();
    // As if the second had been committed before there was a queue at all.
    let database = Connection::open(folder.path().join("bindery.db")).unwrap();
    let newest = "delete from job where job = (select max(job) from job)";
    assert_eq!(database.execute(newest, []).unwrap(), 1);
    drop(database);
    let with = server(folder.path(), 1);
    let reader = organization.at(&with).reader();
    for version in [queued, old] {
        with_thumbnail(&reader, &version).await;
    }
}

#[tokio::test]
async fn what_is_asked_for_goes_before_what_nobody_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let without = server(folder.path(), 0);
    let organization = Organization::new(&without);
    let pages = file("mixed-page-sizes.pdf");
    for n in 0..20 {
        // A comment at the end of a PDF changes its bytes and nothing else.
        let bytes = [pages.as_slice(), format!("\n% {n}").as_bytes()].concat();
        commit_as(&organization, &format!("{n}.pdf"), &bytes).await;
    }
    let last = commit(&organization, "arabic.pdf").await;
    let path = format!("{}/preview", crate::previews::path(&last));
    organization.reader().get(&path).await.expect(200);
    without.kill();
    let with = server(folder.path(), 1);
    with_thumbnail(&organization.at(&with).reader(), &last).await;
    let order = "select b.blob from preview p join blob b on b.blob = p.blob order by p.updated";
    let database = database(&with);
    let first: i64 = database.query_row(order, [], |row| row.get(0)).unwrap();
    let newest: i64 =
        database.query_row("select max(blob) from blob", [], |row| row.get(0)).unwrap();
    assert_eq!(first, newest);
}
