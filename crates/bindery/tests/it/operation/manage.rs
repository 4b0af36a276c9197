//! `bindery provision`, `client`, `organization` and `binder`, as an operator uses them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::operator::{Ended, check_is_clean, run};

/// A place of its own with one organization.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.json(&["organization", "create", "--name", "Fastighets AB Exempel", "--json"]);
        place
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, args: &[&str]) -> Ended {
        run(&self.data_dir(), args)
    }

    fn json(&self, args: &[&str]) -> Value {
        let out = self.run(args).expect(0).out;
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    fn verbs(&self) -> Vec<String> {
        let out = self.run(&["journal", "--json"]).expect(0).out;
        let verb = |line: &str| {
            let entry: Value = serde_json::from_str(line).unwrap();
            entry["verb"].as_str().unwrap().to_owned()
        };
        out.lines().map(verb).collect()
    }
}

fn file(place: &Place, name: &str, text: &str) -> String {
    let path = place.folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_client_goes_through_its_life_and_each_change_is_in_the_journal() {
    let place = Place::new();
    let made = place.json(&["client", "create", "erp-sync", "--role", "creator", "--json"]);
    assert_eq!((&made["id"], &made["name"]), (&"erp-sync".into(), &"erp-sync".into()));
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 43, "256 bits as base64url");
    let rotated = place.json(&["client", "rotate-secret", "erp-sync", "--json"]);
    assert_ne!(rotated["secret"], secret.as_str());
    let disabled = place.json(&["client", "disable", "erp-sync", "--json"]);
    assert_eq!((&disabled["disabled"], &disabled["secret"]), (&true.into(), &Value::Null));
    place.run(&["client", "enable", "--id", "erp-sync"]).expect(0);
    let listed = place.json(&["client", "list", "--json"]);
    assert_eq!((&listed[0]["id"], &listed[0]["disabled"]), (&"erp-sync".into(), &false.into()));
    place.run(&["client", "remove", "erp-sync"]).expect(0);
    assert_eq!(place.json(&["client", "list", "--json"]), serde_json::json!([]));
    let again = place.run(&["client", "create", "erp-sync", "--role", "reader"]).expect(1);
    assert!(again.cause().contains("is used"), "{}", again.err);
    let verbs = place.verbs();
    let of_clients: Vec<&str> =
        verbs.iter().filter_map(|verb| verb.strip_prefix("client.")).collect();
    assert_eq!(of_clients, ["create", "rotate_secret", "disable", "enable", "remove"]);
}

#[test]
fn a_secret_from_a_file_is_never_printed() {
    let place = Place::new();
    let secret = file(&place, "secret", "not-to-be-seen\n");
    let args = ["client", "create", "a", "--role", "admin", "--secret-file", &secret];
    let made = place.run(&args).expect(0);
    let rotated =
        place.run(&["client", "rotate-secret", "a", "--json", "--secret-file", &secret]).expect(0);
    let journal = place.run(&["journal", "--json"]).expect(0);
    for ended in [made, rotated, journal] {
        assert!(!ended.out.contains("not-to-be-seen") && !ended.err.contains("not-to-be-seen"));
    }
    let empty = file(&place, "empty", "\n");
    place.run(&["client", "rotate-secret", "a", "--secret-file", &empty]).expect(1);
}

#[test]
fn a_binder_goes_to_the_trash_and_comes_back_or_goes_for_good() {
    let place = Place::new();
    let made =
        place.json(&["binder", "create", "--name", "Kvarnen 1", "--type", "property", "--json"]);
    let id = format!("--id={}", made["id"].as_str().unwrap());
    assert_eq!(made["type"], "property");
    place.run(&["binder", "remove", &id]).expect(0);
    assert_eq!(place.json(&["binder", "list", "--json"]), serde_json::json!([]));
    let trashed = place.json(&["binder", "list", "--trash", "--json"]);
    assert!(trashed[0]["trashedAt"].is_string(), "{trashed}");
    place.run(&["binder", "restore", &id]).expect(0);
    let renamed = place.json(&["binder", "rename", &id, "--name", "Kvarnen 2", "--json"]);
    assert_eq!(renamed["name"], "Kvarnen 2");
    place.run(&["binder", "remove", &id, "--purge"]).expect(0);
    assert_eq!(place.json(&["binder", "list", "--trash", "--json"]), serde_json::json!([]));
    let gone = place.run(&["binder", "restore", &id]).expect(1);
    assert!(gone.cause().contains("no binder"), "{}", gone.err);
    let verbs = place.verbs();
    assert_eq!(
        verbs[1..],
        [
            "binder.create",
            "binder.trash",
            "binder.restore",
            "binder.update",
            "binder.trash",
            "binder.purge"
        ]
    );
}

#[test]
fn a_large_binder_goes_to_the_trash_and_comes_back_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { folder };
    let demo = place.json(&["demo", "--documents", "9000", "--json"]);
    let id = demo["organizations"][0]["binders"][0]["id"].as_str().unwrap();
    let id = format!("--id={id}");
    let documents = || place.json(&["organization", "list", "--json"])[0]["documents"].clone();
    let before = documents();
    place.run(&["binder", "remove", &id]).expect(0);
    let left = documents().as_i64().unwrap();
    assert!((1..8_500).contains(&left), "more than 500 documents are gone: {left}");
    check_is_clean(&place.data_dir());
    place.run(&["binder", "restore", &id]).expect(0);
    assert_eq!(documents(), before);
    check_is_clean(&place.data_dir());
    place.run(&["binder", "remove", &id, "--purge"]).expect(0);
    assert_eq!(documents(), left);
    check_is_clean(&place.data_dir());
    let mut verbs = place.verbs();
    verbs.dedup();
    let pieces = ["binder.trash_documents", "binder.restore_documents"];
    let verbs: Vec<_> = verbs.iter().filter(|verb| verb.starts_with("binder.")).collect();
    let at = |verb: &str| verbs.iter().position(|known| *known == verb);
    assert!(at(pieces[0]).is_some(), "{verbs:?}");
    assert!(at(pieces[0]) < at("binder.trash") && at("binder.trash") < at(pieces[1]), "{verbs:?}");
    assert!(at(pieces[1]) < at("binder.restore"), "{verbs:?}");
}

#[test]
fn with_several_organizations_one_must_be_named() {
    let place = Place::new();
    let other = place.json(&["organization", "create", "--name", "Annan AB", "--json"]);
    let other = other["id"].as_str().unwrap();
    let refused = place.run(&["client", "create", "a", "--role", "reader"]).expect(1);
    assert!(refused.cause().contains("--organization"), "{}", refused.err);
    place.run(&["client", "create", "a", "--role", "reader", "--organization", other]).expect(0);
    // The id of a client says which organization it is of; a wrong one is not found.
    place.run(&["client", "disable", "a"]).expect(0);
    let all = place.json(&["organization", "list", "--json"]);
    let first = all.as_array().unwrap().iter().find(|one| one["id"] != other).unwrap();
    let first = first["id"].as_str().unwrap();
    place.run(&["client", "enable", "a", "--organization", first]).expect(1);
    let renamed = place.json(&["organization", "rename", other, "--name", "Nytt AB", "--json"]);
    assert_eq!(renamed["name"], "Nytt AB");
    assert_eq!(place.json(&["organization", "disable", other, "--json"])["disabled"], true);
    assert_eq!(place.json(&["organization", "enable", other, "--json"])["disabled"], false);
}

#[test]
fn mistakes_of_a_provisioning_file_stand_behind_its_name_and_line() {
    let place = Place::new();
    let before = place.verbs();
    let text = "organizations:\n  - name: New\n    clients:\n      - { id: a, role: boss }\n      - { id: b, rolle: reader }\n";
    let path = file(&place, "wrong.yaml", text);
    let refused = place.run(&["provision", &path]).expect(1);
    assert_eq!(refused.out, "");
    let lines: Vec<&str> = refused.err.lines().collect();
    assert!(lines[0].starts_with(&format!("{path}:4: role: \"boss\"")), "{}", refused.err);
    assert!(lines[1].starts_with(&format!("{path}:5: unknown key \"rolle\"")), "{}", refused.err);
    assert!(lines[1].contains("did you mean role?"), "{}", refused.err);
    // What only the database shows is told in the same way.
    place.run(&["client", "create", "a", "--role", "reader"]).expect(0);
    let path = file(
        &place,
        "taken.yaml",
        "organizations:\n  - name: New\n    clients: [{ id: a, role: reader }]\n",
    );
    let refused = place.run(&["provision", &path]).expect(1);
    assert!(
        refused.err.starts_with(&format!("{path}:3: client id a belongs to")),
        "{}",
        refused.err
    );
    assert_eq!(place.verbs()[..], [before, vec!["client.create".to_owned()]].concat());
}

#[test]
fn a_generated_secret_is_printed_in_the_run_that_made_the_client_only() {
    let place = Place::new();
    let text =
        "organizations: [{ name: Fastighets AB Exempel, clients: [{ name: ERP, role: creator }] }]";
    let path = file(&place, "file.yaml", text);
    let client = |tree: &Value| tree["organizations"][0]["clients"][0].clone();
    let first = client(&place.json(&["provision", &path, "--json"]));
    assert!(first["secret"].is_string(), "{first}");
    let second = client(&place.json(&["provision", &path, "--json"]));
    assert_eq!((&second["id"], second.get("secret")), (&first["id"], None));
    assert_eq!(place.run(&["provision", &path]).expect(0).out, "nothing to change\n");
    assert!(Path::new(&path).exists());
}

#[test]
fn a_demonstration_is_the_same_again_and_refuses_another_size() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let demo = |documents: &str| run(&data_dir, &["demo", "--json", "--documents", documents]);
    let first = demo("20").expect(0).out;
    assert_eq!(demo("20").expect(0).out, first);
    assert_eq!(run(&data_dir, &["demo", "--json"]).expect(0).out, first);
    let refused = demo("21").expect(1);
    assert!(refused.cause().contains("--documents 20"), "{}", refused.err);
    run(&data_dir, &["check"]).expect(0);
}
