//! A place that is not there yet: the embedded database is made in it.

use crate::support::operator::run;

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
