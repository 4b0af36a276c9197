//! Ranges of a download (RFC 9110, section 14).

use std::ops::Range;

/// What of a file is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it: no range was asked for, several were, or what was asked is not understood.
    Whole,
    /// This part, which is not empty.
    Part(Range<u64>),
    /// Nothing: the range lies beyond the end.
    Beyond,
}

/// Reads the value of `Range` (or `x-ms-range`) for a file of so many bytes.
#[must_use]
pub fn select(value: &str, size: u64) -> Selection {
    let Some(range) = parse(value) else { return Selection::Whole };
    match range {
        Wanted::From(first, _) if first >= size => Selection::Beyond,
        Wanted::From(first, last) => Selection::Part(first..last.saturating_add(1).min(size)),
        Wanted::Last(0) => Selection::Beyond,
        // An empty file has no last bytes, yet the range can be satisfied: with the whole of it.
        Wanted::Last(_) if size == 0 => Selection::Whole,
        Wanted::Last(n) => Selection::Part(size.saturating_sub(n)..size),
    }
}

/// One range as it was asked for.
enum Wanted {
    /// From the first to the last byte, both included.
    From(u64, u64),
    /// So many bytes at the end.
    Last(u64),
}

/// `None` for several ranges, another unit, or anything that is no range.
fn parse(value: &str) -> Option<Wanted> {
    let (unit, range) = value.trim().split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    match (first, last) {
        ("", last) => Some(Wanted::Last(number(last)?)),
        (first, "") => Some(Wanted::From(number(first)?, u64::MAX)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Wanted::From(first, last))
        }
    }
}

/// Digits only; more than fit are as good as the greatest number.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (value, size, expected) in [
            ("bytes=0-4", 10, Selection::Part(0..5)),
            ("bytes=9-", 10, Selection::Part(9..10)),
            ("bytes=5-99", 10, Selection::Part(5..10)),
            ("bytes=-3", 10, Selection::Part(7..10)),
            ("bytes=-99", 10, Selection::Part(0..10)),
            ("BYTES=0-0", 10, Selection::Part(0..1)),
            ("bytes=0-99999999999999999999999", 10, Selection::Part(0..10)),
            ("bytes=10-", 10, Selection::Beyond),
            ("bytes=99999999999999999999999-", 10, Selection::Beyond),
            ("bytes=-0", 10, Selection::Beyond),
            ("bytes=0-33554431", 0, Selection::Beyond),
            ("bytes=-5", 0, Selection::Whole),
            ("bytes=4-2", 10, Selection::Whole),
            ("bytes=0-1,3-4", 10, Selection::Whole),
            ("bytes=+1-2", 10, Selection::Whole),
            ("bytes=1", 10, Selection::Whole),
            ("bytes=-", 10, Selection::Whole),
            ("lines=0-4", 10, Selection::Whole),
            ("", 10, Selection::Whole),
        ] {
            assert_eq!(select(value, size), expected, "{value} of {size}");
        }
    }

    proptest! {
        #[test]
        fn a_part_always_lies_within_the_file(value in "bytes=[0-9]{0,20}-[0-9]{0,20}|.{0,30}", size: u64) {
            if let Selection::Part(part) = select(&value, size) {
                prop_assert!(part.start < part.end && part.end <= size);
            }
        }

        #[test]
        fn a_range_within_the_file_is_sent_as_asked(first in 0_u64..1000, more in 0_u64..1000, rest in 1_u64..1000) {
            let last = first + more;
            let selection = select(&format!("bytes={first}-{last}"), last + rest);
            prop_assert_eq!(selection, Selection::Part(first..last + 1));
        }
    }
}
