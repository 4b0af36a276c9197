//! Storages that are programs of their own: no kin of the one that most tests use, nor of each other.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::S3Place;

/// Where the scripts are that start them, and end them with their input: so with the test run, however that ends.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");

/// A storage on free ports and a folder of its own.
pub struct S3Process {
    place: S3Place,
    child: Child,
    _folder: TempDir,
}

impl S3Process {
    /// Ceph's gateway, which tests share; each works under a prefix of its own.
    pub fn radosgw() -> &'static Self {
        static SHARED: OnceLock<S3Process> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("radosgw"))
    }

    /// Garage, which tests share; each works under a prefix of its own. `make test-s3-garage` builds it.
    pub fn garage() -> &'static Self {
        static SHARED: OnceLock<S3Process> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("garage"))
    }

    /// Starts one, with an empty bucket.
    fn start(script: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = Command::new(format!("{SCRIPTS}/{script}"))
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(endpoint) = line.trim().strip_prefix("listening on ") else {
            panic!("{script} did not start: {line:?}; scripts/needs test installs what it needs");
        };
        Self { place: S3Place::at(endpoint.to_owned()), child, _folder: folder }
    }

    /// How to reach it.
    pub fn place(&self) -> &S3Place {
        &self.place
    }
}

impl Drop for S3Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
