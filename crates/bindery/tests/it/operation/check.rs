//! `bindery check` finds what is not as it should be, and changes nothing unless told to.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::PROGRAM;
use crate::support::operator::{Ended, check_is_clean, files, run};

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
        assert_eq!(server.wait_within(Duration::from_secs(10)), Some(0));
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

    /// The file with these bytes, below the data dir.
    fn file_of(&self, bytes: &str) -> PathBuf {
        let is_it = |file: &PathBuf| fs::read(file).unwrap() == bytes.as_bytes();
        let all = files(&self.data_dir.join("blobs"));
        let file = all.into_iter().find(is_it).expect("no such bytes are stored");
        file.strip_prefix(&self.data_dir).unwrap().to_owned()
    }

    fn change(&self, sql: &str) {
        bindery_testkit::tamper(&self.data_dir, sql);
    }
}

/// Makes a file that was last written to so long ago.
fn old_file(path: &Path, age: Duration) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "left over").unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn missing_damaged_and_cut_bytes_are_found_and_named() {
    let place = Place::new().await;
    check_is_clean(&place.data_dir);
    let files = ["a.pdf", "b.pdf", "c.pdf"].map(|name| place.file_of(name));
    fs::remove_file(place.data_dir.join(&files[0])).unwrap();
    fs::write(place.data_dir.join(&files[1]), "B.pdf").unwrap();
    fs::write(place.data_dir.join(&files[2]), "c").unwrap();

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
async fn orphans_older_than_an_hour_are_listed_and_moved_aside_only_on_request() {
    let place = Place::new().await;
    let id = &place.organization.id;
    let blob = format!("blobs/{id}/ab/ab345678-1234-4abc-8abc-123456789abc");
    let old = [blob.as_str(), "incoming/left-by-a-crash"];
    for file in old {
        old_file(&place.data_dir.join(file), Duration::from_secs(2 * 3600));
    }
    old_file(&place.data_dir.join("incoming/young"), Duration::from_secs(1800));
    let kept = place.file_of("a.pdf");
    File::options()
        .write(true)
        .open(place.data_dir.join(&kept))
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();

    let orphans = |check: &Ended| {
        let mut named: Vec<_> = check
            .lines("orphan")
            .iter()
            .map(|line| line.split('\t').nth(1).unwrap().to_owned())
            .collect();
        named.sort();
        named
    };
    let check = place.check(&[]).expect(0);
    assert_eq!(orphans(&check), old);
    let before = files(&place.data_dir.join("blobs"));
    let mut listed: Vec<_> =
        place.findings(&[]).iter().map(|finding| text(&finding["file"]).to_owned()).collect();
    listed.sort();
    assert_eq!(listed, old);
    assert_eq!(files(&place.data_dir.join("blobs")), before);

    let repaired = place.check(&["--repair"]).expect(0);
    assert_eq!(orphans(&repaired), old);
    for file in old {
        assert!(!place.data_dir.join(file).exists(), "{file} is still there");
        assert!(place.data_dir.join("aside").join(file).exists(), "{file} is not aside");
    }
    assert!(place.data_dir.join("incoming/young").exists());
    let after: Vec<_> = before
        .into_iter()
        .filter(|file| !file.ends_with(blob.rsplit('/').next().unwrap()))
        .collect();
    assert_eq!(files(&place.data_dir.join("blobs")), after);
    assert_eq!(place.findings(&[]), [Value::Null; 0]);
    check_is_clean(&place.data_dir);
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
