//! Starting: what is refused, and what an operator is told.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use bindery_testkit::Client;
use tempfile::TempDir;

use super::{logged, server};
use crate::support::PROGRAM;

/// Runs `bindery serve`, which must refuse to start.
fn refused(data_dir: &TempDir, args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(PROGRAM);
    command
        .arg("--data-dir")
        .arg(data_dir.path())
        .args(args)
        .arg("serve")
        .args(["--listen", "127.0.0.1:0"]);
    let Output { status, stdout, stderr } = command.envs(env.iter().copied()).output().unwrap();
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn on_an_empty_place_the_two_commands_that_fill_it_are_named() {
    let server = server(&[]);
    let line = logged(&server, "no organization exists yet");
    assert!(line.contains("provision FILE") && line.contains(" demo`"), "{line}");
}

#[test]
fn an_unknown_key_stops_the_start_with_the_nearest_known_one() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bindery.toml");
    std::fs::write(&file, "token_expirey = \"5m\"\n").unwrap();
    let (code, said) = refused(&folder, &["--config", file.to_str().unwrap()], &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("unknown key `token_expirey`; did you mean `token_expiry`?"), "{said}");
}

#[test]
fn a_wrong_value_stops_the_start_whatever_it_came_from() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bindery.toml");
    std::fs::write(&file, "max_upload_size = \"many\"\n").unwrap();
    let (code, said) = refused(&folder, &["--config", file.to_str().unwrap()], &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("max_upload_size"), "{said}");
    let (code, said) = refused(&folder, &[], &[("BINDERY_MAX_UPLOAD_SIZE", "many")]);
    assert_eq!(code, Some(2));
    assert!(said.contains("max-upload-size"), "{said}");
    let (code, said) = refused(&folder, &[], &[("BINDERY_TLS_CERT", "/no/such/file")]);
    assert_eq!(code, Some(2));
    assert!(said.contains("tls_key"), "{said}");
    assert!(!folder.path().join("bindery.db").exists());
}

#[test]
fn a_demonstration_is_not_served_beyond_this_machine() {
    let folder = TempDir::new().unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.arg("--data-dir").arg(folder.path()).args(args).output().unwrap()
    };
    assert!(run(&["demo", "--documents", "1"]).status.success());
    let refused = run(&["serve", "--listen", "0.0.0.0:0"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("--allow-demo"), "{said}");
    assert!(refused.stdout.is_empty());
}

#[test]
fn links_that_lead_nowhere_are_warned_of() {
    let said = |args: &[&str]| {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg("--data-dir").arg(folder.path()).args(["serve", "--listen", "0.0.0.0:0"]);
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().unwrap();
        // All warnings of the start come before this line.
        let mut first = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        server.kill().unwrap();
        String::from_utf8(server.wait_with_output().unwrap().stderr).unwrap()
    };
    let warned = said(&[]);
    assert!(warned.contains("name http://0.0.0.0:") && warned.contains("--public-url"), "{warned}");
    let given = said(&["--public-url", "https://b.example"]);
    assert!(!given.contains("--public-url"), "{given}");
}

#[test]
fn a_settings_file_that_is_not_there_is_named_with_the_cause_once() {
    let folder = TempDir::new().unwrap();
    let (code, said) = refused(&folder, &["--config", "/no/such/file"], &[]);
    assert_eq!(code, Some(2));
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
}

#[tokio::test]
async fn a_flag_is_stronger_than_the_environment_and_that_than_the_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bindery.toml");
    std::fs::write(&file, "public_url = \"https://file.example\"\n").unwrap();
    let options = |args: &[&str], env: &[(&str, &str)]| bindery_testkit::ServerOptions {
        args: ["--config", file.to_str().unwrap()]
            .iter()
            .chain(args)
            .map(|&arg| arg.to_owned())
            .collect(),
        env: env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Default::default()
    };
    let env = [("BINDERY_PUBLIC_URL", "https://environment.example")];
    for (args, env, issuer) in [
        (&[][..], &[][..], "https://file.example"),
        (&[], &env, "https://environment.example"),
        (&["--public-url", "https://flag.example/"], &env, "https://flag.example"),
    ] {
        let server = bindery_testkit::Server::start(PROGRAM, options(args, env));
        let discovery =
            Client::anonymous(server.url()).get("/.well-known/openid-configuration").await;
        assert_eq!(discovery.expect(200).json()["issuer"], issuer);
    }
}

#[tokio::test]
async fn a_server_that_listens_is_alive_ready_and_says_what_it_is() {
    let server = server(&[]);
    let anonymous = Client::anonymous(server.url());
    anonymous.get("/healthz").await.expect(200);
    anonymous.get("/readyz").await.expect(200);
    for (page, link) in [("/", "/docs/"), ("/docs/", "Bindery")] {
        let answer = anonymous.get(page).await.expect(200);
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(String::from_utf8(answer.body).unwrap().contains(link));
    }
    let served = anonymous.get("/openapi.json").await.expect(200).json();
    let printed = server.command_ok(&["openapi", "--public-url", server.url()]);
    assert_eq!(served, serde_json::from_str::<serde_json::Value>(&printed).unwrap());
}
