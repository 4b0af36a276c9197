//! What an operator sees: exit codes, lines on stdout, one line on stderr.

use std::path::{Path, PathBuf};
use std::process::Output;

use super::PROGRAM;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code.
    pub(crate) code: i32,
    /// Its stdout.
    pub(crate) out: String,
    /// Its stderr.
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ended {
    /// Itself, after checking the exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    /// The lines of stdout whose first word is this kind.
    pub(crate) fn lines(&self, kind: &str) -> Vec<&str> {
        let kind = |line: &&str| line.split('\t').next() == Some(kind);
        self.out.lines().filter(kind).collect()
    }

    /// The one line of stderr that says why, after checking that it is one.
    #[track_caller]
    pub(crate) fn cause(&self) -> &str {
        let lines: Vec<_> = self.err.lines().collect();
        assert_eq!(lines.len(), 1, "{}", self.err);
        lines[0]
    }
}

/// Runs a command of the program on a data folder.
pub(crate) fn run(data_dir: &Path, args: &[&str]) -> Ended {
    bindery_testkit::run(Path::new(PROGRAM), data_dir, args, "").into()
}

/// Runs `bindery check`, which must find nothing at all that is missing or damaged.
#[track_caller]
pub(crate) fn check_is_clean(data_dir: &Path) {
    let check = run(data_dir, &["check"]).expect(0);
    assert_eq!(check.lines("missing"), [""; 0], "{}", check.out);
    assert_eq!(check.lines("damaged"), [""; 0], "{}", check.out);
}

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}
