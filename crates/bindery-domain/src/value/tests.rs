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

fn value(data_type: DataType, text: &str) -> TypedValue {
    data_type.parse_value(text).unwrap()
}

#[test]
fn a_negative_number_with_more_digits_is_smaller() {
    assert!(number("-0.10001").sort < number("-0.1").sort);
    assert!(number("-0.12").sort < number("-0.1").sort);
}

#[test]
fn numbers_are_answered_in_their_shortest_form() {
    for (given, shortest) in [
        ("007.50", "7.5"),
        ("+5", "5"),
        ("-0.0", "0"),
        ("1000", "1000"),
        ("0.000", "0"),
        ("-0012", "-12"),
        ("999999999999999999999999999999", "999999999999999999999999999999"),
        ("0.00000000000000000000000000001", "0.00000000000000000000000000001"),
    ] {
        assert_eq!(number(given).text, shortest);
    }
}

#[test]
fn numbers_have_at_most_thirty_digits_and_nothing_else() {
    for text in [
        "", "+", "-", ".5", "5.", "1e3", "1,5", "1 000", " 1", "1 ", "--1", "0x1", "٣", "1.2.3",
        "NaN", "½",
    ] {
        assert!(DataType::Number.parse_value(text).is_err(), "{text}");
    }
    assert!(DataType::Number.parse_value(&"1".repeat(31)).is_err());
    assert!(
        DataType::Number.parse_value(&format!("-{}.{}", "1".repeat(15), "2".repeat(15))).is_ok()
    );
}

#[test]
fn booleans_are_taken_in_any_case() {
    assert_eq!(value(DataType::Boolean, "TRUE").text, "true");
    assert_eq!(value(DataType::Boolean, "False").text, "false");
    assert!(value(DataType::Boolean, "false").sort < value(DataType::Boolean, "true").sort);
    for text in ["", "1", "yes", "true ", "sant"] {
        assert!(DataType::Boolean.parse_value(text).is_err(), "{text}");
    }
}

#[test]
fn dates_and_times_are_kept_as_they_were_set() {
    for text in [
        "2026-01-31",
        "0000-02-29",
        "9999-12-31",
        "2026-01-31T08:15:30Z",
        "2026-01-31t08:15:30.123456789123z",
        "2026-01-31T23:59:59.5+01:00",
        "2026-01-31T00:00:00-00:00",
        "2016-12-31T23:59:60Z",
        "2017-01-01T00:59:60+01:00",
    ] {
        assert_eq!(value(DataType::Date, text).text, text);
    }
}

#[test]
fn what_is_no_day_or_no_rfc_3339_time_is_no_date() {
    for text in [
        "",
        "2026-1-31",
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "20260131",
        "+2026-01-31",
        "-2026-01-31",
        "2026-01-31 ",
        "2026-01-31T08:15:30",
        "2026-01-31 08:15:30Z",
        "2026-01-31T08:15Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T08:60:00Z",
        "2026-01-31T08:15:60Z",
        "2026-01-31T08:15:30.Z",
        "2026-01-31T08:15:30+0100",
        "2026-01-31T08:15:30+24:00",
        "2026-01-31T08:15:30+01:60",
        "2026-01-31T08:15:30Z[Europe/Stockholm]",
        "2026-01-3å",
        "٢٠٢٦-٠١-٣١",
    ] {
        assert!(DataType::Date.parse_value(text).is_err(), "{text}");
    }
}

#[test]
fn a_times_own_day_counts() {
    let day = value(DataType::Date, "2026-01-31");
    assert_eq!(value(DataType::Date, "2026-01-31T23:30:00-11:00").sort, day.sort);
    assert_eq!(value(DataType::Date, "2026-01-31T00:30:00+11:00").sort, day.sort);
    assert_eq!(day.exact, Vec::<u8>::new());
}

#[test]
fn strings_are_nfc_of_at_most_4000_characters() {
    assert_eq!(value(DataType::String, &"o\u{308}".repeat(4000)).text, "ö".repeat(4000));
    assert!(DataType::String.parse_value(&"ö".repeat(4001)).is_err());
    assert!(DataType::String.parse_value("a\0b").is_err());
}

#[test]
fn strings_that_differ_in_case_are_equal_in_order_but_not_the_same() {
    let (lower, upper) = (value(DataType::String, "åre"), value(DataType::String, "ÅRE"));
    assert_eq!(lower.sort, upper.sort);
    assert_ne!(lower.exact, upper.exact);
    assert_eq!(lower.exact.len(), 8);
}

#[test]
fn strings_that_begin_alike_for_long_are_not_the_same() {
    let beginning = "ö".repeat(3000);
    let (a, b) = (format!("{beginning}a"), format!("{beginning}b"));
    let (a, b) = (value(DataType::String, &a), value(DataType::String, &b));
    assert_eq!((a.sort.len(), &a.sort), (1000, &b.sort));
    assert_ne!(a.exact, b.exact);
}

#[test]
fn text_has_at_most_64_kib() {
    assert_eq!(value(DataType::Text, &"ö".repeat(32 * 1024)).sort.len(), 16);
    assert!(DataType::Text.parse_value(&"a".repeat(64 * 1024 + 1)).is_err());
    assert_ne!(value(DataType::Text, "a").sort, value(DataType::Text, "A").sort);
    assert_eq!(value(DataType::Text, "rad 1\nrad 2").text, "rad 1\nrad 2");
}

#[test]
fn enumerated_values_are_only_known_by_their_element() {
    assert!(DataType::Enum.parse_value("active").is_err());
    assert_eq!(TypedValue::enum_sort(258), [0, 0, 0, 0, 0, 0, 1, 2]);
}

#[test]
fn data_types_are_read_as_they_are_written() {
    for data_type in DataType::ALL {
        assert_eq!(data_type.as_str().parse(), Ok(data_type));
    }
    assert!("Enum".parse::<DataType>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn days_encode_in_their_order(a in "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
                                  b in "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])") {
        prop_assert_eq!(value(DataType::Date, &a).sort.cmp(&value(DataType::Date, &b).sort), a.cmp(&b));
    }

    #[test]
    fn a_canonical_text_is_the_same_value(text in any::<String>()) {
        for data_type in DataType::ALL {
            if let Ok(value) = data_type.parse_value(&text) {
                prop_assert_eq!(data_type.parse_value(&value.text), Ok(value));
            }
        }
    }
}
