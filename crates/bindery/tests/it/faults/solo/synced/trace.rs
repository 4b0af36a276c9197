//! Reading what `strace -f -y` wrote.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The calls that make, write, name and sync files, and those that send answers.
const CALLS: &str = "trace=openat,mkdir,mkdirat,rename,renameat,renameat2,fsync,fdatasync,write,writev,pwrite64,\
                     pwritev,sendto,sendmsg";

/// A trace that is being written.
pub(super) struct Trace {
    file: PathBuf,
}

/// A system call, with the lines at which it began and ended: another thread's may stand between.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) name: String,
    pub(super) args: String,
    result: String,
}

impl Trace {
    /// A trace that goes to this file.
    pub(super) fn into(file: PathBuf) -> Self {
        Self { file }
    }

    /// The command that traces another.
    pub(super) fn command(&self) -> Vec<String> {
        let file = self.file.to_str().unwrap();
        ["strace", "-f", "-y", "-s", "32", "-e", CALLS, "-o", file].map(str::to_owned).to_vec()
    }

    /// All calls so far, and the one after the given line that sent an answer which begins so.
    pub(super) async fn until_answer(&self, after: usize, begins: &str) -> (Vec<Call>, Call) {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let calls = parse(&std::fs::read_to_string(&self.file).unwrap_or_default());
            let sent = |call: &&Call| call.begin > after && call.sends(begins);
            if let Some(answer) = calls.iter().find(sent).cloned() {
                return (calls, answer);
            }
            assert!(Instant::now() < end, "no answer {begins} in the trace");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Call {
    /// Whether it did what it was asked.
    pub(super) fn succeeded(&self) -> bool {
        !self.result.starts_with('-')
    }

    /// Whether it synced this file or folder.
    pub(super) fn is_sync_of(&self, path: &Path) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync")
            && self.result == "0"
            && self.file() == Some(path)
    }

    /// Whether it wrote to this file.
    pub(super) fn is_write_to(&self, path: &Path) -> bool {
        matches!(self.name.as_str(), "write" | "writev" | "pwrite64" | "pwritev")
            && self.file() == Some(path)
    }

    /// The paths that it names.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.args.split('"').skip(1).step_by(2).map(PathBuf::from).collect()
    }

    fn sends(&self, begins: &str) -> bool {
        let is_socket = self.file().is_some_and(|file| file.starts_with("socket:"))
            || self.args.contains("<socket:[");
        is_socket
            && self.name != "openat"
            && self.args.split('"').nth(1).is_some_and(|text| text.starts_with(begins))
    }

    /// What its descriptor is, as `-y` shows it: `12</a/path>`.
    fn file(&self) -> Option<&Path> {
        let first = self.args.split([',', ')']).next()?;
        first.split_once('<')?.1.strip_suffix('>').map(Path::new)
    }
}

/// The calls that have ended, in the order of their beginning.
fn parse(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut open = HashMap::new();
    for (line, text) in text.lines().enumerate() {
        let Some((process, rest)) = text.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((begin, name, args)) = open.remove(process) else { continue };
            let rest = resumed.split_once("resumed>").map_or("", |(_, rest)| rest);
            let (more, result) = rest.rsplit_once(" = ").unwrap_or((rest, "?"));
            calls.push(call(begin, line, name, format!("{args}{more}"), result));
        } else if let Some((name, args)) = rest.split_once('(') {
            if let Some(args) = args.strip_suffix(" <unfinished ...>") {
                open.insert(process, (line, name, args));
            } else if let Some((args, result)) = args.rsplit_once(" = ") {
                calls.push(call(line, line, name, args.to_owned(), result));
            }
        }
    }
    calls.sort_by_key(|call| call.begin);
    calls
}

fn call(begin: usize, end: usize, name: &str, args: String, result: &str) -> Call {
    // `-y` shows what a new descriptor is, too: `= 12</a/path>`.
    let result = result.split(['<', ' ']).next().unwrap_or("?").to_owned();
    Call { begin, end, name: name.to_owned(), args, result }
}
