//! The contract does not change without a word to those who rely on it.

use aws_lc_rs::digest::{SHA256, digest};
use bindery::router;
use serde_json::Value;

const CHANGELOG: &str = include_str!("../../../../CHANGELOG.md");
const SPECIFICATION: [&str; 3] = [
    include_str!("../../../../docs/spec/public-api.openapi.yaml"),
    include_str!("../../../../docs/spec/public-api.md"),
    include_str!("../../../../docs/spec/operations.md"),
];
/// What of the served document is words, or the release's.
const WORDS: [&str; 6] = ["description", "summary", "title", "example", "examples", "version"];

#[test]
fn the_newest_entry_about_the_contract_is_about_this_contract() {
    let (noted, present) = (newest_mark(CHANGELOG), contract(served()));
    assert_eq!(
        noted.as_deref(),
        Some(present.as_str()),
        "the contract has changed: docs/spec, or what /openapi.json says beside words. Add an entry at the top of \
         CHANGELOG.md's Unreleased that says what callers notice, and end it with <!-- contract {present} -->"
    );
}

#[test]
fn another_contract_has_another_mark_and_other_words_have_not() {
    let change = |change: &dyn Fn(&mut Value)| {
        let mut document = served();
        change(&mut document);
        contract(document)
    };
    let same = contract(served());
    let field = |document: &mut Value, name: &str, value: Value| {
        document["components"]["schemas"]["Problem"]["properties"]["detail"][name] = value;
    };
    assert_eq!(change(&|document| field(document, "description", "other words".into())), same);
    assert_ne!(change(&|document| field(document, "type", "integer".into())), same);
    assert_ne!(
        change(&|document| _ = document["paths"].as_object_mut().unwrap().remove("/binders")),
        same
    );
}

#[test]
fn the_topmost_mark_counts() {
    let text =
        "# Changelog\n\n## Unreleased\n\n- New. <!-- contract b -->\n- Old. <!-- contract a -->\n";
    assert_eq!(newest_mark(text).as_deref(), Some("b"));
    assert_eq!(newest_mark("# Changelog\n"), None);
}

fn served() -> Value {
    serde_json::to_value(router::document("http://localhost:8080")).unwrap()
}

/// The mark of a contract: a digest of the specification, and of the document without its words.
fn contract(mut document: Value) -> String {
    strip(&mut document, false);
    let text = SPECIFICATION.concat() + &document.to_string();
    let sha256 = digest(&SHA256, text.as_bytes());
    sha256.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes the words out. Names of properties are no words, whatever they are called.
fn strip(value: &mut Value, is_names: bool) {
    match value {
        Value::Object(members) => {
            if !is_names {
                members
                    .retain(|name, _| !WORDS.contains(&name.as_str()) && name != "x-problem-types");
            }
            for (name, member) in members {
                strip(member, !is_names && name == "properties");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
        _ => {}
    }
}

fn newest_mark(changelog: &str) -> Option<String> {
    let (_, after) = changelog.split_once("<!-- contract ")?;
    Some(after.split_once(" -->")?.0.to_owned())
}
