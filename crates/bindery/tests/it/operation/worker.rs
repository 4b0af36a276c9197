//! `bindery worker`: the server's own, in the program that is shipped.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use bindery_preview::{Outcome, RenderRequest, Task, Worker, WorkerLimits};

use crate::support::PROGRAM;

#[tokio::test]
async fn the_program_renders_a_file_in_a_worker_of_its_own() {
    let name = "A-40.1-1100.pdf";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/files").join(name);
    let worker = Worker::new(PathBuf::from(PROGRAM), WorkerLimits::default());
    let request = RenderRequest { file_name: name.to_owned(), task: Task::Overview };
    let rendering = worker.render(File::open(path).unwrap(), &request).await.unwrap();
    assert_eq!(rendering.outcome, Outcome::Ready);
    assert_eq!((rendering.page_count, rendering.images.len()), (1, 1));
    assert!(rendering.text[0].words.iter().any(|word| word.text == "BJÖRKEN"));
}

#[test]
fn a_worker_started_by_hand_says_whose_it_is() {
    let alone = Command::new(PROGRAM).arg("worker").env_clear().output().unwrap();
    assert_eq!(alone.status.code(), Some(2));
    let said = String::from_utf8(alone.stderr).unwrap();
    assert!(said.contains("this command is the server's own"), "{said}");
    let more = Command::new(PROGRAM).args(["worker", "drawing.pdf"]).output().unwrap();
    assert_eq!(more.status.code(), Some(2));
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("worker"));
}
