//! What is on the disk before an answer is sent, as `strace` sees it: a power cut after the answer loses nothing.

mod trace;

use std::path::{Path, PathBuf};

use bindery_testkit::{Organization, Server, ServerOptions};

use crate::support::PROGRAM;
use trace::{Call, Trace};

/// A server under `strace`, which dies with it.
fn traced_server(folder: &Path) -> (Server, Trace) {
    let trace = Trace::into(folder.join("trace"));
    let mut wrapper = trace.command();
    wrapper.extend(["setpriv", "--pdeathsig", "KILL"].map(str::to_owned));
    let data_dir = Some(folder.join("data"));
    (Server::start(PROGRAM, ServerOptions { data_dir, wrapper, ..Default::default() }), trace)
}

/// A sync of this file or folder that began after one call's end and was over when another began.
#[track_caller]
fn must_be_synced<'a>(calls: &'a [Call], path: &Path, after: usize, before: &Call) -> &'a Call {
    let synced = calls
        .iter()
        .rev()
        .find(|call| call.is_sync_of(path) && call.begin > after && call.end < before.begin);
    synced.unwrap_or_else(|| panic!("{} is not synced before the answer", path.display()))
}

/// The log of the database is written, then synced, then not touched again until the answer.
#[track_caller]
fn log_must_be_synced(calls: &[Call], data_dir: &Path, after: usize, answer: &Call) {
    let log = data_dir.join("bindery.db-wal");
    let writes: Vec<_> = calls
        .iter()
        .filter(|call| call.is_write_to(&log) && call.begin > after && call.begin < answer.begin)
        .collect();
    let last = writes.last().expect("the change is not in the log before the answer");
    must_be_synced(calls, &log, last.end, answer);
}

#[tokio::test]
async fn bytes_folders_and_rows_are_on_the_disk_before_a_put_or_a_commit_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let (server, trace) = traced_server(&root);
    let data_dir = root.join("data");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;

    // The first PUT of an organization: its folders are new.
    organization.anonymous().put(&upload.url, vec![7; 100_000]).await.expect(201);
    let (calls, answer) = trace.until_answer(0, "HTTP/1.1 201").await;
    let (temporary, named, rename) = renamed_blob(&calls, &data_dir);
    let written = calls.iter().filter(|call| call.is_write_to(&temporary)).map(|call| call.end);
    let written = written.max().expect("the bytes are written");
    must_be_synced(&calls, &temporary, written, rename);
    must_be_synced(&calls, named.parent().unwrap(), rename.end, &answer);
    log_must_be_synced(&calls, &data_dir, rename.end, &answer);
    for (path, made) in made_below(&calls, &data_dir) {
        must_be_synced(&calls, path.parent().unwrap(), made.end, &answer);
    }
    let made: Vec<_> = made_below(&calls, &data_dir).into_iter().map(|(path, _)| path).collect();
    for expected in [&data_dir, &data_dir.join("bindery.db"), named.parent().unwrap()] {
        assert!(made.iter().any(|path| path == expected), "{expected:?} is not new: {made:?}");
    }

    organization.commit(&creator, &organization.tab(0), &upload, "a.pdf", &[]).await.expect(200);
    let (calls, committed) = trace.until_answer(answer.end, "HTTP/1.1 200").await;
    log_must_be_synced(&calls, &data_dir, answer.end, &committed);
}

/// The temporary and the lasting name of the one blob that was stored.
fn renamed_blob<'a>(calls: &'a [Call], data_dir: &Path) -> (PathBuf, PathBuf, &'a Call) {
    let blobs = data_dir.join("blobs");
    let mut renames =
        calls.iter().filter(|call| call.name.starts_with("rename")).filter_map(|call| {
            let [from, to] = <[PathBuf; 2]>::try_from(call.paths()).ok()?;
            to.starts_with(&blobs).then_some((from, to, call))
        });
    let renamed = renames.next().expect("no blob was named");
    assert!(renames.next().is_none(), "one blob was stored");
    renamed
}

/// Folders and lasting files that were made below the data dir, itself included.
fn made_below<'a>(calls: &'a [Call], data_dir: &Path) -> Vec<(PathBuf, &'a Call)> {
    let lasting = ["bindery.db", "bindery.db-wal"].map(|name| data_dir.join(name));
    let mut made = Vec::<(PathBuf, &Call)>::new();
    for call in calls.iter().filter(|call| call.succeeded()) {
        let Some(path) = call.paths().pop() else { continue };
        let is_made = match call.name.as_str() {
            "mkdir" | "mkdirat" => path.starts_with(data_dir),
            "openat" => call.args.contains("O_CREAT") && lasting.contains(&path),
            _ => false,
        };
        if is_made && !made.iter().any(|(known, _)| *known == path) {
            made.push((path, call));
        }
    }
    made
}
