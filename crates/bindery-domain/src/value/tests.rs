use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// Compares decimals digit by digit, in a way that has nothing to do with the encoding.
fn compare(a: &str, b: &str) -> Ordering {
    fn aligned(text: &str) -> (bool, String) {
        let (whole, fraction) = text
            .trim_start_matches(['+', '-'])
            .split_once('.')
            .unwrap_or((text.trim_start_matches(['+', '-']), ""));
        (text.starts_with('-'), format!("{whole:0>40}{fraction:0<40}"))
    }
    let ((a_negative, a), (b_negative, b)) = (aligned(a), aligned(b));
    let is_zero = |digits: &str| digits.bytes().all(|b| b == b'0');
    match (a_negative && !is_zero(&a), b_negative && !is_zero(&b)) {
        (false, false) => a.cmp(&b),
        (true, true) => b.cmp(&a),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Decimals of up to 30 digits, many of them with long runs of zeros and common beginnings.
fn decimal() -> impl Strategy<Value = String> {
    let random = ("[0-9]{1,15}", prop_oneof!["", "\\.[0-9]{1,15}"]);
    let alike = ("[01]{1,2}", prop_oneof!["", "\\.0{0,5}1?0{0,5}1?"]);
    let digits = prop_oneof![random, alike].prop_map(|(whole, fraction)| {
        let fraction = if fraction == "." { "" } else { &fraction };
        format!("{whole}{fraction}")
    });
    ("[+-]?", digits).prop_map(|(sign, digits)| format!("{sign}{digits}"))
}

fn number(text: &str) -> TypedValue {
    DataType::Number.parse_value(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_encode_in_their_order(a in decimal(), b in decimal()) {
        prop_assert_eq!(number(&a).sort.cmp(&number(&b).sort), compare(&a, &b));
    }

    #[test]
    fn the_shortest_form_of_a_number_is_the_same_number(a in decimal()) {
        let value = number(&a);
        prop_assert_eq!(compare(&value.text, &a), Ordering::Equal);
        prop_assert!(value.text.len() <= a.len());
        prop_assert_eq!(number(&value.text), value);
    }
}

#[test]
fn booleans_are_taken_in_any_case() {
    assert_eq!(DataType::Boolean.parse_value("TRUE").unwrap().text, "true");
}

#[test]
fn a_negative_number_with_more_digits_is_smaller() {
    assert!(number("-0.10001").sort < number("-0.1").sort);
    assert!(number("-0.12").sort < number("-0.1").sort);
}
