//! What `make run` prints: the first thing that a newcomer pastes must work.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::PROGRAM;

/// Stops the script when the test ends, however it ends; the script stops its server.
struct Script(Child);

impl Drop for Script {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[test]
fn the_commands_that_make_run_prints_work_when_pasted() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let place = tempfile::tempdir().unwrap();
    let mut child = Command::new(root.join("scripts/run"))
        .args(["127.0.0.1:0", place.path().join("data").to_str().unwrap()])
        .env("BINDERY_PROGRAM", PROGRAM)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open to the end: the script must not fail for want of a reader.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _script = Script(child);

    let mut commands = String::from("set -euo pipefail\n");
    let mut printed = String::new();
    let mut is_command = false;
    for line in lines.by_ref().map(Result::unwrap) {
        printed += &line;
        printed.push('\n');
        if line.ends_with(':') {
            is_command = true;
        } else if line.is_empty() {
            is_command = false;
        } else if is_command {
            commands += &line;
            commands.push('\n');
        }
        // The last line of the last command; the server says nothing more on stdout.
        if line.ends_with("ls -l drawing.pdf") {
            break;
        }
    }
    for fact in ["address ", "organization id ", "client id ", "client secret ", "4. Download"] {
        assert!(printed.contains(fact), "{fact} is not in:\n{printed}");
    }

    let pasted = Command::new("bash")
        .args(["-c", &commands])
        .current_dir(place.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&pasted.stdout);
    assert!(pasted.status.success(), "{commands}\n{pasted:?}");
    assert!(output.contains("\"name\": \"") && output.contains("\"totalCount\": "), "{output}");
    let drawing = std::fs::read(place.path().join("drawing.pdf")).unwrap();
    assert!(drawing.starts_with(b"%PDF-"), "{} bytes", drawing.len());
}
