//! What `bindery previews` refuses.

use crate::support::operator::run;

#[test]
fn wrong_words_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = run(folder.path(), &["previews", "rebuild", "--state", "lost"]).expect(2);
    assert!(wrong.err.contains("pending, ready, unsupported, encrypted, failed"), "{}", wrong.err);
    let nowhere = run(folder.path(), &["previews", "status"]).expect(1);
    assert!(nowhere.cause().contains("there is no database"), "{}", nowhere.err);
    let workers = run(folder.path(), &["serve", "--preview-workers", "1000"]).expect(2);
    assert!(workers.cause().contains("preview_workers"), "{}", workers.err);
}
