use proptest::prelude::*;

use super::*;

/// The names in the order of their keys.
fn ordered<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut names = names.to_vec();
    names.sort_by_key(|name| order(name));
    names
}

/// Any text, and text crowded with letters and marks that fold in unusual ways.
fn text() -> impl Strategy<Value = String> {
    let crowded = prop::sample::select(
        "aAoOäÅöæØǡǟǻiIİıßẞſΐΣςͅᾳᾼﬃŉǰAǅéÉệ각ᄀ\u{1161}\u{11a8}\u{300}\u{301}\u{304}\u{307}\u{308}\u{30a}\u{323}\u{327}\u{345}\u{fe0f}K \u{a0}"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop_oneof![
        any::<String>(),
        prop::collection::vec(crowded, 0..12).prop_map(|chars| chars.into_iter().collect()),
    ]
}

#[test]
fn identity_takes_both_cases_and_both_ways_to_write_a_letter() {
    assert_eq!(identity("RITNING Å-1.PDF"), identity("ritning a\u{30a}-1.pdf"));
    assert_eq!(identity("Straße"), identity("STRASSE"));
    assert_eq!(identity("ΟΔΟΣ"), identity("οδος"));
    assert_eq!(identity("\u{212b}\u{212a}"), "åk");
}

#[test]
fn identity_tells_accented_letters_apart() {
    assert_ne!(identity("idé"), identity("ide"));
    assert_ne!(identity("å"), identity("a"));
}

#[test]
fn search_ignores_case_and_marks() {
    assert_eq!(search("ÉÀÑÜçőź"), "eanucoz");
    assert_eq!(search("Việt Nam"), "viet nam");
    assert_eq!(search("❤\u{fe0f}"), "❤");
}

#[test]
fn search_keeps_the_swedish_letters() {
    assert_eq!(search("ÅÄÖ a\u{30a}a\u{308}o\u{308} \u{212b}"), "åäö åäö å");
    assert!(!search("å").contains(&search("a")));
}

#[test]
fn search_drops_further_marks_of_the_swedish_letters() {
    assert_eq!(search("ǻǟȫ"), "åäö");
    assert_eq!(search("a\u{323}\u{308} o\u{304}\u{308}"), "ä ö");
    assert_eq!(search("a\u{30a}\u{308} a\u{308}\u{30a}"), "å ä");
    assert_eq!(search("ǡ\u{300} ő"), "a o");
}

#[test]
fn search_takes_the_letters_of_the_neighbours_for_ours() {
    assert_eq!(search("ÆØ æø Ǽ Ǿ"), "äö äö ä ö");
}

#[test]
fn search_leaves_other_scripts_whole() {
    assert_eq!(search("각 図面"), "각 図面");
}

#[test]
fn order_is_that_of_the_swedish_alphabet() {
    let alphabet: Vec<String> =
        "abcdefghijklmnopqrstuvwxyzåäö".chars().map(|letter| format!("{letter}x")).collect();
    let alphabet: Vec<&str> = alphabet.iter().map(String::as_str).collect();
    let mut shuffled = alphabet.clone();
    shuffled.reverse();
    assert_eq!(ordered(&shuffled), alphabet);
}

#[test]
fn order_is_that_of_a_swedish_register() {
    let register = [
        "1",
        "10",
        "2",
        "Ahlberg",
        "Åkerlund 1",
        "Åkesson",
        "Ängström",
        "Ärlig",
        "Öberg",
        "Östlund",
    ];
    let mut shuffled = register;
    shuffled.reverse();
    assert_eq!(ordered(&shuffled), register);
}

#[test]
fn order_has_w_as_a_letter_of_its_own_after_v() {
    assert_eq!(ordered(&["Wa", "Vb", "Va", "Wb", "x"]), ["Va", "Vb", "Wa", "Wb", "x"]);
}

#[test]
fn order_puts_the_letters_of_the_neighbours_beside_ours() {
    assert_eq!(
        ordered(&["öb", "øa", "åa", "zz", "äb", "æa", "yb", "üa"]),
        ["üa", "yb", "zz", "åa", "æa", "äb", "øa", "öb"]
    );
}

#[test]
fn order_looks_at_accents_only_where_letters_are_equal() {
    assert_eq!(
        ordered(&["idéb", "idé", "ideb", "ide", "idéa"]),
        ["ide", "idé", "idéa", "ideb", "idéb"]
    );
}

#[test]
fn order_has_no_regard_to_case() {
    assert_eq!(order("Åsa PLAN"), order("åSA plan"));
    assert_ne!(order("idé"), order("ide"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_changes_nothing(text in text()) {
        prop_assert_eq!(nfc(&nfc(&text)), nfc(&text));
        prop_assert_eq!(identity(&identity(&text)), identity(&text));
        prop_assert_eq!(search(&search(&text)), search(&text));
    }

    #[test]
    fn foldings_do_not_see_how_a_letter_is_written(text in text()) {
        for form in [NFC.normalize(&text), NFD.normalize(&text)] {
            prop_assert_eq!(identity(&form), identity(&text));
            prop_assert_eq!(search(&form), search(&text));
            prop_assert_eq!(order(&form), order(&text));
        }
    }

    #[test]
    fn foldings_are_nfc(text in text()) {
        prop_assert!(NFC.is_normalized(&nfc(&text)));
        prop_assert!(NFC.is_normalized(&identity(&text)));
        prop_assert!(NFC.is_normalized(&search(&text)));
    }

    #[test]
    fn names_that_are_the_same_are_searched_alike(text in text()) {
        prop_assert_eq!(search(&identity(&text)), search(&text));
    }

    #[test]
    fn the_short_way_for_ascii_is_the_long_way(text in "[ -~]{0,40}") {
        prop_assert_eq!(identity(&text), CASES.fold_string(&text));
        prop_assert_eq!(search(&text), marks::without(&identity(&text)));
    }
}
