//! Office files through the server, with LibreOffice behind it: `cargo test --package bindery --test office`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Server, ServerOptions, UnitFilters};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bindery");
/// A conversion takes seconds; three tries at a hopeless file some minutes.
const PATIENCE: Duration = Duration::from_secs(420);

fn options(temporary: &Path) -> ServerOptions {
    let args =
        ["--preview-workers", "1", "--min-free", "1MiB", "--preview-office", "/usr/bin/soffice"];
    // Folders of conversions are made there, so that a test can look for what was left.
    let env = vec![("TMPDIR".to_owned(), temporary.display().to_string())];
    ServerOptions { args: args.map(str::to_owned).to_vec(), env, ..Default::default() }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder("tests/data/files").join(name)).unwrap()
}

/// Commits a file; what there is to look at of it, once that is known.
async fn preview(organization: &Organization, name: &str, bytes: &[u8]) -> Value {
    let creator = organization.creator();
    let upload = organization.upload(&creator, bytes).await;
    let tab = organization.tab(0);
    let version = organization.commit(&creator, &tab, &upload, name, &[]).await.expect(200).json();
    let text = |member: &str| version[member].as_str().unwrap().to_owned();
    let path = format!("/api/documents/{}/versions/{}", text("documentId"), text("id"));
    let begun = Instant::now();
    loop {
        let answer = creator.get(&format!("{path}/preview")).await.expect(200).json();
        if answer["state"] != "pending" {
            let version = creator.get(&path).await.expect(200).json();
            let has_thumbnail = !version["thumbnailUrl"].is_null();
            assert_eq!(has_thumbnail, answer["state"] == "ready", "{name}: {answer}");
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{name}: nothing has come of it");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Reports and tables have pages, each with a picture.
async fn are_shown(organization: &Organization) {
    for (name, pages) in [("structural-calculation.docx", 2..), ("ritningsforteckning.xlsx", 1..)] {
        let preview = preview(organization, name, &file(name)).await;
        assert_eq!(preview["state"], "ready", "{name}: {preview}");
        assert!(pages.contains(&preview["pageCount"].as_u64().unwrap()), "{name}: {preview}");
        let pages = preview["pages"].as_array().unwrap();
        for page in [pages.first().unwrap(), pages.last().unwrap()] {
            let picture = organization.anonymous().get(page["url"].as_str().unwrap()).await;
            assert!(picture.expect(200).body.len() > 1_000, "{name}: {page}");
        }
    }
}

#[tokio::test]
async fn office_files_have_pages_and_hopeless_ones_cost_one_preview() {
    let temporary = tempfile::tempdir().unwrap();
    let server = Server::start(PROGRAM, options(temporary.path()));
    let organization = Organization::new(&server);
    are_shown(&organization).await;
    let locked = preview(&organization, "a.docx", &file("office-password.docx")).await;
    assert_eq!(locked["state"], "encrypted", "{locked}");
    // Cut in its middle: no archive any more.
    let mut cut = file("structural-calculation.docx");
    cut.truncate(cut.len() / 2);
    let cut = preview(&organization, "cut.docx", &cut).await;
    assert!(["failed", "unsupported"].contains(&cut["state"].as_str().unwrap()), "{cut}");
    assert!(!cut["reason"].as_str().unwrap().is_empty());
    let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn the_systemd_unit_lets_libreoffice_work() {
    let temporary = tempfile::tempdir().unwrap();
    let options = options(temporary.path());
    let unit = UnitFilters::of(&folder("packaging/bindery.service"));
    let server = unit.under(move || Server::start(PROGRAM, options));
    are_shown(&Organization::new(&server)).await;
}
