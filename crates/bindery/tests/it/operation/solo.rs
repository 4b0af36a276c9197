//! What is of the embedded database and its folder of bytes alone.

use std::fs;

use bindery_testkit::{Organization, Server, ServerOptions};

use crate::support::PROGRAM;
use crate::support::operator::{check_is_clean, run};

#[test]
fn an_empty_place_gets_the_whole_schema() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let done = run(&data_dir, &["migrate"]).expect(0);
    assert!(done.out.contains("applied 0001_foundation"), "{}", done.out);
    assert_eq!(run(&data_dir, &["migrate"]).expect(0).out, "the schema is up to date\n");
}

#[test]
fn a_command_without_a_database_fails_with_one_line_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    for args in [&["check"] as &[&str], &["journal"], &["keys", "list"], &["backup", "copy"]] {
        let ended = run(&nowhere, args).expect(1);
        assert_eq!(ended.out, "", "{args:?}");
        let cause = ended.cause();
        assert!(cause.contains("no database") && cause.contains("provision"), "{cause}");
        assert!(!nowhere.exists(), "{args:?} made the folder");
    }
}

#[tokio::test]
async fn a_copy_without_bytes_is_restored_once_they_lie_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(PROGRAM, ServerOptions::default());
    Organization::new(&server).document("a.pdf", &[]).await;
    let (copy, target) = (folder.path().join("copy"), folder.path().join("target"));
    run(server.data_dir(), &["backup", "--no-blobs", copy.to_str().unwrap()]).expect(0);
    let restore = ["restore", copy.to_str().unwrap()];
    let cause = run(&target, &restore).expect(1).cause().to_owned();
    assert!(cause.contains("blobs.txt") && cause.contains("--storage"), "{cause}");
    assert!(!target.join("bindery.db").exists(), "a server would take this for data");

    let list = fs::read_to_string(copy.join("blobs.txt")).unwrap();
    let (from, to) = (server.data_dir().join(list.trim()), copy.join("blobs").join(list.trim()));
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
    let target = folder.path().join("whole");
    let done = run(&target, &restore).expect(0);
    assert!(done.out.contains("1 blobs of 5 bytes"), "{}", done.out);
    check_is_clean(&target);
}
