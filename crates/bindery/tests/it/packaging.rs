//! What is shipped for operators fits the program: compose file, Kubernetes manifests, dashboard.

mod compose;
mod dashboard;
mod kubernetes;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::PROGRAM;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every document of a YAML file, aliases and merge keys resolved as JSON.
fn documents(file: &str) -> Vec<Value> {
    let text = read(file);
    let all = text.split("\n---\n").map(|text| {
        let mut value: yaml_serde::Value = yaml_serde::from_str(text).unwrap();
        value.apply_merge().unwrap();
        serde_json::to_value(value).unwrap()
    });
    all.collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// The environment variables that a command of the program reads.
fn variables(command: &str) -> BTreeSet<String> {
    let output = Command::new(PROGRAM).args([command, "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let options = help.split_whitespace().filter_map(|word| word.strip_prefix("--"));
    let names = options.map(|option| {
        let name = option.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        format!("BINDERY_{}", name.split('=').next().unwrap().replace('-', "_").to_uppercase())
    });
    names.collect()
}

/// Checks that a command takes the variables that are set for it. The program ignores those of others' commands.
fn check_environment(command: &str, environment: &[(String, String)]) {
    let known = variables(command);
    let mut ours = 0;
    for (name, _) in environment.iter().filter(|(name, _)| name.starts_with("BINDERY_")) {
        assert!(known.contains(name), "`bindery {command}` knows no {name}");
        ours += 1;
    }
    assert!(ours > 0, "nothing is set for `bindery {command}`");
}

/// Starts the program as far as it gets with settings, without the secrets and addresses that only the place has: they
/// are valid when it complains about the database, which is not there, and not about a setting.
fn check_settings(environment: &[(String, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("database-url");
    std::fs::write(&database, "postgres://nobody@127.0.0.1:9/none").unwrap();
    let mut command = Command::new(PROGRAM);
    command.arg("serve").envs(environment.iter().cloned());
    command.env("BINDERY_DATABASE_URL_FILE", &database);
    command.env("BINDERY_DATA_DIR", folder.path().join("data"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("PostgreSQL"), "{said}");
}
