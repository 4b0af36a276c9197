//! What servers say on stderr, kept for tests that ask, and for those that fail.

use std::io::{BufRead, BufReader};
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde_json::Value;

type Lines = Mutex<Vec<String>>;

/// The logs of all servers of this run that still live.
static ALL: Mutex<Vec<Weak<Lines>>> = Mutex::new(Vec::new());

/// The log of one server, read by a thread of its own.
#[derive(Clone)]
pub(crate) struct ServerLog(Arc<Lines>);

impl ServerLog {
    pub(crate) fn read(stderr: ChildStderr) -> Self {
        let log = Self(Arc::default());
        let sink = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                sink.0.lock().unwrap().push(line);
            }
        });
        let mut all = ALL.lock().unwrap();
        all.retain(|log| log.strong_count() > 0);
        all.push(Arc::downgrade(&log.0));
        log
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What the servers logged of the request that a problem body answers: why it is another one than the test expected.
pub(crate) fn said_of(problem: &[u8]) -> String {
    let trace = serde_json::from_slice::<Value>(problem)
        .ok()
        .and_then(|problem| Some(problem.get("traceId")?.as_str()?.to_owned()));
    let Some(trace) = trace else { return String::new() };
    // The line is read beside the test.
    std::thread::sleep(Duration::from_millis(200));
    // Called by tests that fail: what another one has left does not matter.
    let logs: Vec<_> = {
        let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).collect()
    };
    let lines = logs.iter().flat_map(|log| {
        let lines = log.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().filter(|line| line.contains(&trace)).cloned().collect::<Vec<_>>()
    });
    lines.map(|line| format!("\nlogged: {line}")).collect()
}
