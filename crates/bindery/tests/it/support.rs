//! What the tests of this binary share.

pub(crate) mod dice;
pub(crate) mod operator;
pub(crate) mod traffic;

use bindery_testkit::{Organization, Server};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bindery");

/// An organization of the test's own on the server that tests share.
pub(crate) fn organization() -> Organization {
    Organization::new(Server::shared(PROGRAM))
}

/// The members of a JSON array, each reduced to one of its string members.
#[track_caller]
pub(crate) fn pluck(array: &serde_json::Value, member: &str) -> Vec<String> {
    let list = array.as_array().unwrap_or_else(|| panic!("no array: {array}"));
    list.iter()
        .map(|item| item[member].as_str().unwrap_or_else(|| panic!("{item}")).to_owned())
        .collect()
}

/// Prints a figure of a test, seen with `--nocapture` and when it fails.
#[expect(clippy::print_stdout, reason = "figures of a test are its result")]
pub(crate) fn tell(figures: &str) {
    println!("{figures}");
}
