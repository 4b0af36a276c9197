//! Provisioning files, YAML and JSON.

use bindery_testkit::fuzz;

use crate::provision;

#[test]
fn any_provisioning_file_is_read_or_refused_with_lines_of_its_own() {
    fuzz::run("provisioning", |input| {
        let text = String::from_utf8_lossy(input);
        match provision::parse(&text) {
            Ok(plan) => format!("{plan:?}").chars().take(40).collect(),
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "refused without a word");
                // A lone carriage return ends a line of YAML, and a file that ends too early is wrong after its last.
                let lines = text.split(['\n', '\r']).count() + 1;
                for mistake in &mistakes {
                    assert!((1..=lines).contains(&mistake.line), "{mistake}");
                    assert!(!mistake.message.contains('\n'), "{mistake:?}");
                }
                // Messages quote the input; how they begin tells which mistake it is.
                mistakes[0].message.chars().take(20).collect()
            }
        }
    });
}
