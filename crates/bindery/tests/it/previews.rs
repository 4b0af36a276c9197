//! Previews, from the commit to the picture: on the real program, with real files.

mod commands;
mod crashes;
mod pages;
mod solo;
mod states;
mod thumbnails;
mod tiles;
mod visibility;

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use bindery_testkit::{Answer, Client, Organization, Server, ServerOptions};
use serde_json::Value;

use crate::support::PROGRAM;

/// Longer than three tries at the worst file take.
const PATIENCE: Duration = Duration::from_secs(120);

/// An organization of the test's own on a server that makes previews.
fn organization() -> Organization {
    static SHARED: OnceLock<Server> = OnceLock::new();
    Organization::new(SHARED.get_or_init(|| Server::for_all(PROGRAM, &["--preview-workers", "2"])))
}

/// A server of the test's own with so many workers.
fn server(data_dir: &Path, workers: u32) -> Server {
    let args = ["--preview-workers", &workers.to_string(), "--min-free", "1MiB"];
    let options = ServerOptions {
        data_dir: Some(data_dir.to_owned()),
        args: args.map(str::to_owned).to_vec(),
        ..Default::default()
    };
    Server::start(PROGRAM, options)
}

/// A file of the project's test data.
fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/files");
    std::fs::read(folder.join(name)).unwrap()
}

/// Commits a file of the test data under its own name.
pub(crate) async fn commit(organization: &Organization, name: &str) -> Value {
    commit_as(organization, name, &file(name)).await
}

/// Commits bytes under a name.
async fn commit_as(organization: &Organization, name: &str, bytes: &[u8]) -> Value {
    let creator = organization.creator();
    let upload = organization.upload(&creator, bytes).await;
    let tab = organization.tab(0);
    organization.commit(&creator, &tab, &upload, name, &[]).await.expect(200).json()
}

fn path(version: &Value) -> String {
    let text = |member: &str| version[member].as_str().unwrap().to_owned();
    format!("/api/documents/{}/versions/{}", text("documentId"), text("id"))
}

/// What there is to look at of a version, once it is not pending any more.
pub(crate) async fn settled(client: &Client, version: &Value) -> Value {
    let path = format!("{}/preview", path(version));
    until(async || {
        let preview = client.get(&path).await.expect(200).json();
        (preview["state"] != "pending").then_some(preview)
    })
    .await
}

/// The version itself, once it has a small picture.
pub(crate) async fn with_thumbnail(client: &Client, version: &Value) -> Value {
    until(async || {
        let version = client.get(&path(version)).await.expect(200).json();
        (!version["thumbnailUrl"].is_null()).then_some(version)
    })
    .await
}

/// A picture as a patient caller gets it: what is long in the making is 503 for now, and asked for again.
pub(crate) async fn picture(client: &Client, url: &str) -> Answer {
    until(async || {
        let answer = client.get(url).await;
        if answer.status == 503 {
            assert!(!answer.header("retry-after").is_empty());
            return None;
        }
        Some(answer.expect(200))
    })
    .await
}

/// Asks until there is an answer.
pub(crate) async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "nothing has come of it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Width and height of a PNG or JPEG picture.
pub(crate) fn size(picture: &[u8]) -> (u32, u32) {
    if let Some(header) = picture.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        let number = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
        return (number(8), number(12));
    }
    assert_eq!(&picture[..2], b"\xff\xd8", "neither PNG nor JPEG");
    let mut at = 2;
    loop {
        let (marker, length) =
            (picture[at + 1], u16::from_be_bytes([picture[at + 2], picture[at + 3]]));
        if (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker) {
            let number = |at: usize| u32::from(u16::from_be_bytes([picture[at], picture[at + 1]]));
            return (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(length);
    }
}
