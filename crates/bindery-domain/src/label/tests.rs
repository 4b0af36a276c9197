use super::*;

fn chosen(version: Option<&str>, global: Option<&str>, greatest: i64) -> (String, i64) {
    let label = VersionLabel::choose(version, global, greatest).unwrap();
    (label.text, label.greatest)
}

fn label(text: &str, greatest: i64) -> (String, i64) {
    (text.to_owned(), greatest)
}

#[test]
fn the_first_version_is_1() {
    assert_eq!(chosen(None, None, 0), label("1", 1));
    assert_eq!(chosen(Some(""), Some(""), 0), label("1", 1));
}

#[test]
fn the_next_is_one_more_than_the_greatest() {
    assert_eq!(chosen(None, None, 41), label("42", 42));
}

#[test]
fn a_given_label_is_kept_as_it_is() {
    assert_eq!(chosen(Some(" Bet A "), None, 3), label(" Bet A ", 3));
    assert_eq!(chosen(None, Some("007"), 3), label("007", 7));
    assert_eq!(chosen(Some("2"), None, 3), label("2", 3));
}

#[test]
fn only_ascii_digits_without_a_sign_are_a_number() {
    for text in ["-9", "+9", "9.0", "٩", " 9", "1e9"] {
        assert_eq!(chosen(Some(text), None, 3), label(text, 3));
    }
}

#[test]
fn a_number_has_at_most_eighteen_digits() {
    let greatest = 999_999_999_999_999_999;
    assert_eq!(chosen(Some("999999999999999999"), None, 0), label("999999999999999999", greatest));
    assert_eq!(chosen(Some("1000000000000000000"), None, 3), label("1000000000000000000", 3));
    assert_eq!(chosen(Some("0000000000000000004"), None, 3), label("0000000000000000004", 3));
    assert_eq!(chosen(None, None, greatest), label("1000000000000000000", greatest));
}

#[test]
fn version_and_global_version_may_be_given_both_when_they_are_the_same() {
    assert_eq!(chosen(Some("A"), Some("A"), 0), label("A", 0));
    assert_eq!(chosen(Some("A"), Some(""), 0), label("A", 0));
    let errors = VersionLabel::choose(Some("A"), Some("B"), 0).unwrap_err();
    assert_eq!(errors.0.into_keys().collect::<Vec<_>>(), ["version"]);
}

#[test]
fn a_label_has_at_most_64_characters_after_nfc() {
    assert!(VersionLabel::choose(Some(&"o\u{308}".repeat(64)), None, 0).is_ok());
    assert!(VersionLabel::choose(Some(&"o".repeat(65)), None, 0).is_err());
    assert!(VersionLabel::choose(Some("a\0"), None, 0).is_err());
}
