//! `bindery worker`: the server's own, in the program that is shipped.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use bindery_preview::{Outcome, Purpose, RenderRequest, Task, Worker, WorkerLimits};

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

/// The shipped program has an allocator of its own, which must be as frugal with address space as a worker is.
#[tokio::test]
async fn real_drawings_become_tiles_within_the_limits_of_a_worker() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/files");
    for name in ["A-40.1-1100.pdf", "large-sheet-arch-e1.pdf", "drawing-set-6-sheets.pdf"] {
        let worker = Worker::new(PathBuf::from(PROGRAM), WorkerLimits::default());
        let task = Task::Tiles { page: 1 };
        let request = RenderRequest { file_name: name.to_owned(), task };
        let rendering = worker.render(File::open(folder.join(name)).unwrap(), &request).await;
        let rendering = rendering.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(rendering.outcome, Outcome::Ready, "{name}");
        assert!(rendering.images.len() > 20, "{name}: {} tiles", rendering.images.len());
    }
}

#[tokio::test]
async fn the_largest_sheets_become_tiles_within_the_limits_of_a_worker() {
    // A0 and the longest roll that plotters print: 841 x 1189 mm and 914 x 2500 mm, with a cross from corner to corner.
    for (width, height) in [(3370, 2384), (7087, 2591)] {
        let mut file = tempfile::tempfile().unwrap();
        let cross = format!("2 w 0 0 m {width} {height} l S {width} 0 m 0 {height} l S");
        let pdf = format!(
            "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length {}>>stream\n{cross}\nendstream endobj\ntrailer<</Root 1 0 R>>\n",
            cross.len() + 1
        );
        file.write_all(pdf.as_bytes()).unwrap();
        let worker = Worker::new(PathBuf::from(PROGRAM), WorkerLimits::default());
        let task = Task::Tiles { page: 1 };
        let request = RenderRequest { file_name: "sheet.pdf".to_owned(), task };
        let rendering = worker.render(file, &request).await.unwrap();
        assert_eq!(rendering.outcome, Outcome::Ready, "{width} x {height}");
        let levels = &rendering.pyramid.as_ref().unwrap().levels;
        assert_eq!(levels.len(), 3);
        for level in levels {
            // The corners, where the cross begins and ends: the last band was made as the first one.
            for corner in [
                (0, 0),
                (level.columns - 1, 0),
                (0, level.rows - 1),
                (level.columns - 1, level.rows - 1),
            ] {
                let (level, (column, row)) = (level.level, corner);
                let purpose = Purpose::Tile { level, column, row };
                let is_there = rendering.images.iter().any(|tile| tile.purpose == purpose);
                assert!(is_there, "{width} x {height}: no {purpose:?}");
            }
        }
    }
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
