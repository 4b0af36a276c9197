//! `bindery check` finds what is not as it should be, and changes nothing unless told to.

mod solo;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use bindery_testkit::{Organization, Server, ServerOptions, stored_files, stored_root};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::PROGRAM;
use crate::support::operator::{Ended, check_is_clean, run};

/// A data dir with four documents, and no server on it.
struct Place {
    _folder: TempDir,
    data_dir: PathBuf,
    organization: Organization,
    /// The versions of `a.pdf` to `d.pdf`.
    versions: Vec<Value>,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("data");
        let options = ServerOptions { data_dir: Some(data_dir.clone()), ..Default::default() };
        let server = Server::start(PROGRAM, options);
        let organization = Organization::new(&server);
        let mut versions = Vec::new();
        for name in ["a.pdf", "b.pdf", "c.pdf", "d.pdf"] {
            versions.push(organization.document(name, &[("discipline", "a")]).await);
        }
        server.signal("TERM");
        assert_eq!(server.wait_within(Duration::from_secs(30)), Some(0));
        Self { _folder: folder, data_dir, organization, versions }
    }

    fn check(&self, more: &[&str]) -> Ended {
        let mut args = vec!["check"];
        args.extend(more);
        run(&self.data_dir, &args)
    }

    /// The findings as JSON, without the summary.
    fn findings(&self, more: &[&str]) -> Vec<Value> {
        let out = self.check(&[more, &["--json"]].concat()).out;
        let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["kind"] != "summary").collect()
    }

    /// The file with these bytes, as the program calls it.
    fn file_of(&self, bytes: &str) -> PathBuf {
        let is_it = |file: &PathBuf| fs::read(file).unwrap() == bytes.as_bytes();
        let all = stored_files(&self.data_dir);
        let file = all.into_iter().find(is_it).expect("no such bytes are stored");
        file.strip_prefix(self.root()).unwrap().to_owned()
    }

    /// Where the files are that are called so.
    fn root(&self) -> PathBuf {
        stored_root(&self.data_dir)
    }

    fn change(&self, sql: &str) {
        bindery_testkit::tamper(&self.data_dir, sql);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn missing_damaged_and_cut_bytes_are_found_and_named() {
    let place = Place::new().await;
    check_is_clean(&place.data_dir);
    let files = ["a.pdf", "b.pdf", "c.pdf"].map(|name| place.file_of(name));
    fs::remove_file(place.root().join(&files[0])).unwrap();
    fs::write(place.root().join(&files[1]), "B.pdf").unwrap();
    fs::write(place.root().join(&files[2]), "c").unwrap();

    let check = place.check(&[]).expect(1);
    let wanted = [("missing", 0), ("damaged", 1), ("damaged", 2)];
    for (kind, n) in wanted {
        let name = ["a.pdf", "b.pdf", "c.pdf"][n];
        let (version, file) = (text(&place.versions[n]["id"]), files[n].to_str().unwrap());
        let line = [kind, version, name, file].join("\t");
        let mut lines = check.lines(kind).into_iter();
        assert!(lines.any(|found| found.starts_with(&line)), "{line}\n{}", check.out);
    }
    assert_eq!(check.lines("missing").len() + check.lines("damaged").len(), 3, "{}", check.out);

    assert_eq!(place.check(&["--json"]).code, 1);
    let findings = place.findings(&[]);
    assert_eq!(findings.len(), 3, "{findings:?}");
    for (kind, n) in wanted {
        let is_it = |finding: &&Value| finding["version"] == place.versions[n]["id"];
        let finding = findings.iter().find(is_it).unwrap();
        assert_eq!(finding["kind"], kind);
        assert_eq!(finding["document"], ["a.pdf", "b.pdf", "c.pdf"][n]);
        assert_eq!(finding["file"], files[n].to_str().unwrap());
    }
    // Nothing is to be repaired: what is lost stays named.
    place.check(&["--repair"]).expect(1);
    assert_eq!(place.findings(&[]).len(), 3);
}

#[tokio::test]
async fn a_journal_that_was_changed_or_cut_is_found() {
    let place = Place::new().await;
    place.change("update journal set actor = 'somebody else' where seq = 3");
    let check = place.check(&[]).expect(1);
    let line = format!("damaged\tjournal of organization {}, entry 3", place.organization.id);
    assert!(check.out.contains(&line), "{}", check.out);
    assert_eq!(
        (&place.findings(&[])[0]["kind"], &place.findings(&[])[0]["seq"]),
        (&"journal".into(), &3.into())
    );

    let place = Place::new().await;
    place.change("delete from journal where seq = 2");
    assert!(place.check(&[]).expect(1).out.contains("damaged\tjournal of organization"));

    let place = Place::new().await;
    place.change("delete from journal where seq = (select max(seq) from journal)");
    assert!(place.check(&[]).expect(1).out.contains("damaged\tjournal of organization"));
}

#[tokio::test]
async fn a_counter_that_is_off_is_found() {
    for sql in [
        "update usage set documents = documents + 1",
        "update usage set versions = versions - 1",
        "update usage set bytes = bytes + 1",
        "update facet_count set n = n + 1 where element = 0",
        "update facet_count set n = n - 1 where element <> 0",
    ] {
        let place = Place::new().await;
        place.change(sql);
        let check = place.check(&[]).expect(1);
        let line = format!("damaged\tcounters of organization {}", place.organization.id);
        assert!(check.out.contains(&line), "{sql}: {}", check.out);
        assert_eq!(place.findings(&[])[0]["kind"], "counter", "{sql}");
    }
}
