use proptest::prelude::*;

use super::*;

fn taken(text: &str) -> String {
    FileName::parse(text).unwrap().as_str().to_owned()
}

fn is_refused(text: &str) -> bool {
    FileName::parse(text).is_err()
}

#[test]
fn ordinary_names_are_taken_as_they_are() {
    for name in [
        "A-40.1-1100.pdf",
        ".gitignore",
        "...",
        "plan (1)%20\"'&<>;?*|:.dwg",
        "図面.pdf",
        "مخطط.pdf",
    ] {
        assert_eq!(taken(name), name);
    }
}

#[test]
fn names_are_kept_as_nfc() {
    assert_eq!(taken("A\u{30a}tga\u{308}rd.pdf"), "Åtgärd.pdf");
}

#[test]
fn spaces_at_the_ends_are_cut() {
    assert_eq!(taken("  a b.pdf \u{a0}\u{3000}"), "a b.pdf");
}

#[test]
fn a_name_has_1_to_255_characters_after_nfc_and_cutting() {
    assert!(is_refused(""));
    assert_eq!(taken("a"), "a");
    assert_eq!(taken(&format!(" {} ", "o\u{308}".repeat(255))), "ö".repeat(255));
    assert!(is_refused(&"ö".repeat(256)));
    assert_eq!(taken(&"😀".repeat(255)).len(), 1020);
}

#[test]
fn a_name_is_no_path() {
    for name in ["a/b", "a\\b", "/", "..\\a", ".", "..", " . ", " .. "] {
        assert!(is_refused(name), "{name}");
    }
}

#[test]
fn control_characters_are_refused_at_the_ends_too() {
    for name in ["a\0b", "a\u{1f}", "a\n", "\ta", "a\u{7f}b", "a\u{85}", "a\u{9f}b"] {
        assert!(is_refused(name), "{name:?}");
    }
}

#[test]
fn characters_that_override_the_direction_are_refused() {
    for name in ["a\u{202a}b", "a\u{202d}b", "a\u{202e}fdp.exe", "\u{2066}a\u{2069}"] {
        assert!(is_refused(name), "{name:?}");
    }
    assert_eq!(taken("a\u{200f}b"), "a\u{200f}b");
}

#[test]
fn names_of_only_spaces_are_refused() {
    assert!(is_refused("   "));
    assert!(is_refused("\u{a0}\u{2003}"));
}

#[test]
fn names_of_objects_may_hold_slashes() {
    assert_eq!(ObjectName::parse(" Hus A/B ").unwrap().as_str(), "Hus A/B");
    assert!(ObjectName::parse(" ").is_err());
    assert!(ObjectName::parse("a\nb").is_err());
    assert!(ObjectName::parse(&"a".repeat(256)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_name_that_was_taken_is_taken_again(text in any::<String>()) {
        if let Ok(name) = FileName::parse(&text) {
            prop_assert_eq!(FileName::parse(name.as_str()), Ok(name));
        }
    }
}
