use super::*;

#[test]
fn identity_takes_both_cases_and_both_ways_to_write_a_letter() {
    assert_eq!(identity("RITNING Å-1.PDF"), identity("ritning a\u{30a}-1.pdf"));
    assert_eq!(identity("Straße"), identity("STRASSE"));
    assert_eq!(identity("ΟΔΟΣ"), identity("οδος"));
}

#[test]
fn identity_tells_accented_letters_apart() {
    assert_ne!(identity("idé"), identity("ide"));
    assert_ne!(identity("å"), identity("a"));
}
