//! Office files by LibreOffice: `cargo test --package bindery-preview --test office`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use bindery_preview::{
    Kind, Office, Outcome, RenderRequest, Rendering, Task, Worker, WorkerError, WorkerLimits,
};

fn office() -> Office {
    let soffice = ["/usr/bin/soffice", "/usr/bin/libreoffice"].map(PathBuf::from);
    let soffice = soffice.into_iter().find(|path| path.exists());
    Office::new(soffice.expect("LibreOffice is needed: scripts/needs office"))
}

async fn render(office: Office, name: &str) -> Result<Rendering, WorkerError> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_bindery-preview"));
    let worker = Worker::new(program, WorkerLimits::default()).with_office(office);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/files");
    let request = RenderRequest { file_name: name.to_owned(), task: Task::Overview };
    worker.render(File::open(folder.join(name)).unwrap(), &request).await
}

fn text(rendering: &Rendering) -> String {
    let words = rendering.text.iter().flat_map(|page| &page.words);
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn office_files_become_pictures_with_text_in_its_place() {
    for (name, kind, wanted) in [
        ("structural-calculation.docx", Kind::Docx, "Minimum Loads on Buildings"),
        ("ritningsforteckning.xlsx", Kind::Xlsx, "fasad mot söder"),
    ] {
        let rendering = render(office(), name).await.unwrap();
        assert_eq!((rendering.outcome.clone(), rendering.kind), (Outcome::Ready, kind), "{name}");
        assert!(rendering.page_count >= 1 && !rendering.images.is_empty(), "{name}");
        let found = text(&rendering);
        assert!(found.contains(wanted), "{name}: {found}");
        assert!(rendering.text[0].words.iter().all(|word| word.width > 0.0), "{name}");
    }
}

#[tokio::test]
async fn what_a_password_protects_stays_encrypted() {
    let rendering = render(office(), "office-password.docx").await.unwrap();
    assert_eq!(rendering.outcome, Outcome::Encrypted);
}

#[tokio::test]
async fn a_conversion_ends_with_its_time_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let hasty =
        Office { wall: Duration::from_millis(50), folder: folder.path().to_owned(), ..office() };
    let error = render(hasty, "structural-calculation.docx").await.unwrap_err();
    assert!(matches!(error, WorkerError::TimedOut), "{error:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
