//! Workers and servers that die.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use bindery_testkit::{Organization, Server};

use super::{commit, commit_as, file, server, settled, until, with_thumbnail};
use crate::support::operator::check_is_clean;

/// The processes that render for a server.
fn workers(server: &Server) -> Vec<u32> {
    let parent = format!("PPid:\t{}", server.pid());
    let is_worker = |id: &u32| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let command = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        status.lines().any(|line| line == parent) && command.ends_with(b"\0worker\0")
    };
    let ids = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(is_worker).collect()
}

async fn kill_one_worker(server: &Server) -> u32 {
    let id = until(async || workers(server).first().copied()).await;
    std::process::Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_worker_costs_one_try() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let version = commit(&organization, "drawing-set-6-sheets.pdf").await;
    kill_one_worker(&server).await;
    let preview = settled(&organization.reader(), &version).await;
    assert_eq!(preview["state"], "ready", "{preview}");
    with_thumbnail(&organization.reader(), &version).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_ends_its_worker_three_times_has_failed_and_the_server_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let reader = organization.reader();
    let poison = commit(&organization, "drawing-set-6-sheets.pdf").await;
    let path = format!("{}/preview", super::path(&poison));
    let mut killed = HashSet::new();
    let preview = until(async || {
        for id in workers(&server) {
            std::process::Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
            killed.insert(id);
        }
        // Without asking: that would queue nothing new, but tests what a commit alone does.
        let preview = (killed.len() >= 3).then(|| reader.get(&path));
        match preview {
            Some(preview) => {
                Some(preview.await.expect(200).json()).filter(|it| it["state"] != "pending")
            }
            None => None,
        }
    })
    .await;
    assert_eq!(preview["state"], "failed", "{preview}");
    assert_eq!(killed.len(), 3, "processes that were started for it: {killed:?}");
    assert!(!preview["reason"].as_str().unwrap().is_empty());
    let fine = commit(&organization, "arabic.pdf").await;
    assert_eq!(settled(&reader, &fine).await["state"], "ready");
    // The operator can have it tried again.
    let again = server.command_ok(&["previews", "rebuild", "--state", "failed", "--json"]);
    assert_eq!(again.trim(), r#"{"queued":1}"#);
    let preview = settled(&reader, &poison).await;
    assert_eq!(preview["state"], "ready", "{preview}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_in_the_middle_makes_the_preview_after_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let first = server(folder.path(), 1);
    let organization = Organization::new(&first);
    let version = commit(&organization, "drawing-set-6-sheets.pdf").await;
    let others =
        [commit(&organization, "arabic.pdf").await, commit(&organization, "alpha.webp").await];
    until(async || workers(&first).first().copied()).await;
    first.kill();
    let second = server(folder.path(), 1);
    let reader = organization.at(&second).reader();
    for version in others.iter().chain([&version]) {
        with_thumbnail(&reader, version).await;
    }
    second.signal("TERM");
    assert_eq!(second.wait_within(Duration::from_secs(30)), Some(0));
    check_is_clean(folder.path());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_stopped_ends_no_job_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let first = server(folder.path(), 1);
    let organization = Organization::new(&first);
    let mut versions = Vec::new();
    for n in 0..5 {
        let bytes =
            [file("mixed-page-sizes.pdf").as_slice(), format!("\n% {n}").as_bytes()].concat();
        versions.push(commit_as(&organization, &format!("{n}.pdf"), &bytes).await);
    }
    first.signal("TERM");
    assert_eq!(first.wait_within(Duration::from_secs(30)), Some(0));
    check_is_clean(folder.path());
    let second = server(folder.path(), 1);
    let reader = organization.at(&second).reader();
    for version in &versions {
        with_thumbnail(&reader, version).await;
    }
}
