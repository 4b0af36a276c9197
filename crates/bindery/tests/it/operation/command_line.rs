//! The command line's contract: exit codes, one line that says why, where options come from, what is on stdout.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bindery_testkit::{Organization, Server, ServerOptions};
use serde_json::Value;

use crate::support::PROGRAM;
use crate::support::operator::{Ended, run};

/// Runs the program with nothing but these arguments.
fn bindery(args: &[&str]) -> Ended {
    Ended::from(Command::new(PROGRAM).args(args).output().unwrap())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for args in [
        &[] as &[&str],
        &["serv"],
        &["serve", "--no-such-option"],
        &["check", "--listen", "127.0.0.1:0"],
        &["backup"],
    ] {
        let ended = bindery(args).expect(2);
        assert_eq!(ended.out, "", "{args:?}");
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    for args in [&["--help"] as &[&str], &["serve", "--help"], &["check", "--help"], &["--version"]]
    {
        let ended = bindery(args).expect(0);
        assert!(ended.out.contains("bindery") && ended.err.is_empty(), "{args:?}");
    }
    let help = bindery(&["serve", "--help"]).out;
    for told in ["--upload-expiry", "[default: 1h]", "[default: 127.0.0.1:8080]", "[default: 5GiB]"]
    {
        assert!(help.contains(told), "{told}");
    }
}

#[test]
fn the_one_line_on_stdout_is_where_the_server_listens() {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path().join("data"))
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while !fs::read_to_string(&out).unwrap().ends_with('\n') {
        assert!(Instant::now() < end, "no line on stdout");
        std::thread::sleep(Duration::from_millis(10));
    }
    let first = fs::read_to_string(&out).unwrap();
    let address =
        first.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{first}"));
    // It answers by then.
    std::net::TcpStream::connect(address).unwrap();
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read_to_string(&out).unwrap(), first);
    // An empty place: the two commands that make an organization.
    let err = fs::read_to_string(&err).unwrap();
    assert!(err.contains("no organization exists yet"), "{err}");
    assert!(err.contains(" provision FILE") && err.contains(" demo`"), "{err}");
}

#[tokio::test]
async fn every_command_that_tells_something_tells_it_as_json() {
    let server = Server::start(PROGRAM, ServerOptions::default());
    let organization = Organization::new(&server);
    let version = organization.document("Plan 1.pdf", &[("number", "A-1")]).await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();

    let journal = server.command_ok(&["journal", "--json"]);
    let entries: Vec<_> = journal.lines().map(json).collect();
    assert!(entries.len() > 3, "{journal}");
    for (n, entry) in entries.iter().enumerate() {
        assert_eq!(entry["seq"], n + 1, "{entry}");
        assert_eq!(entry["organization"], organization.id.as_str());
        let entry = entry.as_object().unwrap();
        for member in ["at", "actor", "verb", "object", "before", "after"] {
            assert!(entry.contains_key(member), "{member} is not in {entry:?}");
        }
    }
    let since = server.command_ok(&["journal", "--json", "--since", "2"]);
    assert_eq!(since.lines().map(json).collect::<Vec<_>>(), entries[2..]);
    let document = version["documentId"].as_str().unwrap();
    let object = server.command_ok(&["journal", "--json", "--object", document]);
    assert!(!object.is_empty() && object.lines().all(|line| json(line)["object"] == document));

    let check = server.command_ok(&["check", "--json"]);
    let summary = json(check.lines().last().unwrap());
    assert_eq!((&summary["kind"], &summary["damage"]), (&"summary".into(), &false.into()));
    assert_eq!(summary["journals"][0]["seq"], entries.len());
    assert!(json(&server.command_ok(&["keys", "list", "--json"])).is_array());
    let copy = json(&server.command_ok(&["backup", &at("copy"), "--json"]));
    assert_eq!((&copy["blobs"], &copy["bytes"]), (&1.into(), &10.into()));
    let restored = run(Path::new(&at("restored")), &["restore", &at("copy"), "--json"]).expect(0);
    assert_eq!(json(&restored.out)["blobs"], 1);
    for noun in ["client", "organization", "binder"] {
        let mut args = vec![noun, "list", "--json"];
        if noun != "organization" {
            args.extend(["--organization", &organization.id]);
        }
        let listed = json(&server.command_ok(&args));
        assert!(listed.as_array().is_some_and(|all| !all.is_empty()), "{noun}: {listed}");
    }
    assert_eq!(json(&server.command_ok(&["openapi"]))["openapi"].as_str().unwrap()[..2], *"3.");
}

#[test]
fn a_demonstration_is_not_served_beyond_this_machine_unless_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    run(&data_dir, &["demo", "--documents", "20"]).expect(0);
    let refused = run(&data_dir, &["serve", "--listen", "0.0.0.0:0"]).expect(1);
    assert!(refused.cause().contains("--allow-demo"), "{}", refused.err);
    assert_eq!(refused.out, "");
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "0.0.0.0:0", "--allow-demo", "--data-dir"])
        .arg(&data_dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on http://0.0.0.0:"), "{line}");
}
