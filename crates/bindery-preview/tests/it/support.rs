//! What the tests share.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::Duration;

use bindery_preview::{RenderRequest, Rendering, Task, Worker, WorkerError, WorkerLimits};

/// The files that building projects store; `tests/data/README.md` tells what each is.
pub(crate) fn files() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/files")
}

/// Every file, by name.
pub(crate) fn names() -> Vec<String> {
    let entries = std::fs::read_dir(files()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 40, "test data is missing: {names:?}");
    names
}

/// A worker with the usual limits, but patience with a machine that is busy.
pub(crate) fn worker() -> Worker {
    worker_with(WorkerLimits { wall: Duration::from_secs(3600), ..WorkerLimits::default() })
}

/// A worker with limits of its own.
pub(crate) fn worker_with(limits: WorkerLimits) -> Worker {
    Worker::new(PathBuf::from(env!("CARGO_BIN_EXE_bindery-preview")), limits)
}

/// Renders a file of the test data.
pub(crate) async fn render(name: &str, task: Task) -> Result<Rendering, WorkerError> {
    let request = RenderRequest { file_name: name.to_owned(), task };
    worker().render(File::open(files().join(name)).unwrap(), &request).await
}

/// Renders an overview that succeeds.
pub(crate) async fn overview(name: &str) -> Rendering {
    render(name, Task::Overview).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Renders bytes under a name.
pub(crate) async fn render_bytes(
    bytes: &[u8],
    file_name: &str,
    task: Task,
) -> Result<Rendering, WorkerError> {
    let request = RenderRequest { file_name: file_name.to_owned(), task };
    worker().render(file_of(bytes), &request).await
}

/// A file without a name that holds the bytes.
pub(crate) fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

/// All words, one space between two.
pub(crate) fn text(rendering: &Rendering) -> String {
    let words = rendering.text.iter().flat_map(|page| &page.words);
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}
