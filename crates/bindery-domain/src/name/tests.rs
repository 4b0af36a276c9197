use super::*;

#[test]
fn spaces_at_the_ends_are_cut() {
    assert_eq!(FileName::parse("  a b.pdf \u{a0}").unwrap().as_str(), "a b.pdf");
}
