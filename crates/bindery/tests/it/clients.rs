//! Real clients, unmodified: what integrations of the original are written with.

use std::path::Path;
use std::process::{Command, Stdio};

use bindery_testkit::{Organization, S3Place, S3Server, Server, ServerOptions};

use crate::support::{PROGRAM, organization};

#[test]
fn the_azure_library_uploads_and_downloads_small_and_large_files() {
    run(&organization(), ".venv/bin/python", &["tests/clients/azure_blob.py"]);
}

#[test]
fn the_azure_library_works_with_bytes_in_s3() {
    // Small parts of a large file are put together from objects; the downloads are the server's, as it needs.
    let env = S3Server::shared().place().environment(&S3Place::prefix());
    let args = ["--download-access", "proxied"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, env, ..Default::default() });
    run(&Organization::new(&server), ".venv/bin/python", &["tests/clients/azure_blob.py"]);
}

#[test]
fn an_oauth_library_fetches_verifies_introspects_and_revokes_tokens() {
    run(&organization(), ".venv/bin/python", &["tests/clients/oauth.py"]);
}

#[test]
fn generated_calls_are_answered_as_the_description_promises() {
    // A server of its own: thousands of calls with wrong credentials would exhaust what others may try.
    let args = ["--rate-limit", "100000000/1m", "--min-free", "1MiB"].map(str::to_owned).to_vec();
    let server = Server::start(PROGRAM, ServerOptions { args, ..Default::default() });
    run(&Organization::new(&server), "scripts/conformance", &[]);
}

/// Runs a client program against an organization's server; its output is the message when it fails.
fn run(organization: &Organization, program: &str, args: &[&str]) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    assert!(
        root.join(".venv/bin/python").exists(),
        "the client libraries are missing: run scripts/python-clients (make test does)"
    );
    let output = Command::new(root.join(program))
        .args(args)
        .current_dir(root)
        .env("BINDERY_URL", organization.anonymous().base())
        .env("BINDERY_ORGANIZATION", &organization.id)
        .env("BINDERY_CLIENT_ID", format!("creator-{}", organization.id))
        .env("BINDERY_CLIENT_SECRET", "secret-creator")
        .env("BINDERY_BINDER", organization.binder(0))
        .env("BINDERY_FOLDER", organization.tab(0))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {args:?}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
