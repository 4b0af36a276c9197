//! Tidiness of the source tree: what would otherwise be said in every review.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Files may not be longer; stop and split at 400.
const LONGEST_LINES: usize = 600;
/// Files that are longer nevertheless, with their length. The list may only shrink.
const LONGER: [(&str, usize); 0] = [];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Folders that hold what was fetched, built or generated.
const NOT_OURS: [&str; 6] =
    ["target", "bindery-data", "__pycache__", "node_modules", "dist", "reference"];

/// Every file of the project with one of the endings; its path from the root, and its text.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_ours = !name.starts_with('.') && !NOT_OURS.contains(&name.as_str());
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().display().to_string(), text));
            }
        }
    }
    assert!(!found.is_empty());
    found.sort();
    found
}

#[test]
fn no_source_file_is_too_long() {
    for (path, text) in files(&[".rs", ".py", ".sh"]) {
        let lines = text.lines().count();
        let allowed = LONGER
            .iter()
            .find(|(longer, _)| *longer == path)
            .map_or(LONGEST_LINES, |(_, lines)| *lines);
        assert!(lines <= allowed, "{path} has {lines} lines: split it");
    }
}

#[test]
fn files_that_may_be_longer_still_are() {
    let files = files(&[".rs", ".py", ".sh"]);
    for (longer, lines) in LONGER {
        let (path, text) = files.iter().find(|(path, _)| path == longer).unwrap();
        assert_eq!(text.lines().count(), lines, "{path}: shorten its entry, or drop it");
    }
}

#[test]
fn modules_are_named_after_what_they_hold() {
    for (path, _) in files(&[".rs"]) {
        let name = Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        let vague = [
            "mod.rs",
            "util.rs",
            "utils.rs",
            "helpers.rs",
            "helper.rs",
            "common.rs",
            "misc.rs",
            "types.rs",
        ];
        assert!(!vague.contains(&name.as_str()), "{path}: name the thing");
    }
}

#[test]
fn nothing_is_left_to_do() {
    let marks = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["todo", "!("],
        ["unimplemented", "!("],
        ["dbg", "!("],
    ];
    for (path, text) in files(&[".rs", ".sql", ".py", ".sh", ".md", ".toml"]) {
        for mark in marks.map(|[begin, end]| format!("{begin}{end}")) {
            assert!(!text.contains(&mark), "{path} has {mark}");
        }
    }
}

#[test]
fn no_test_is_skipped_and_nothing_names_this_machine() {
    let marks = [["#[ig", "nore"], ["/ho", "me/"], ["/work", "/"], ["/ro", "ot/"]];
    for (path, text) in files(&[".rs", ".sql", ".md", ".toml", ".py", ".sh"]) {
        for mark in marks.map(|[begin, end]| format!("{begin}{end}")) {
            assert!(!text.contains(&mark), "{path} has {mark}");
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    // Links of the portal are those of its site, whose build fails for a dead one.
    for (path, text) in
        files(&[".md"]).into_iter().filter(|(path, _)| !path.starts_with("docs/portal"))
    {
        let folder = root().join(&path).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_ours =
                !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            assert!(!is_ours || folder.join(target).exists(), "{path} links to {link}");
        }
    }
}

/// The names of metrics in a text; `bindery_` alone begins the name of a package.
fn metric_names(text: &str) -> BTreeSet<&str> {
    let ends = |rest: &str| rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_'));
    let names = text.match_indices("bindery_").map(|(at, _)| &text[at..]);
    let names = names.map(|rest| &rest[..ends(rest).unwrap_or(rest.len())]);
    names.filter(|name| !name.ends_with('_')).collect()
}

#[test]
fn every_metric_is_described_and_in_the_operators_handbook() {
    const MEANINGS: &str = "crates/bindery/src/telemetry/meanings.rs";
    let (sources, documents) = (files(&[".rs"]), files(&["operations.md"]));
    let is_measured = |part: &&str| part.trim_start().starts_with("\"bindery_");
    let measured: BTreeSet<&str> = (sources.iter())
        .filter(|(path, _)| path.contains("/src/") && path != MEANINGS)
        .flat_map(|(_, text)| ["counter!(", "gauge!(", "histogram!("].map(|begin| (text, begin)))
        .flat_map(|(text, begin)| text.split(begin).skip(1).filter(is_measured))
        .map(|part| part.split('"').nth(1).unwrap())
        .collect();
    let (_, meanings) = sources.iter().find(|(path, _)| path == MEANINGS).unwrap();
    assert_eq!(metric_names(meanings), measured);
    let (_, handbook) = documents.iter().find(|(path, _)| path == "docs/operations.md").unwrap();
    assert_eq!(metric_names(handbook), measured);
}
