//! Conditional requests for files (RFC 9110, section 13).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bindery_domain::Timestamp;
use http::{HeaderMap, HeaderName, header};

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    /// A strong entity tag, quotes included.
    pub etag: String,
    /// When the bytes were stored.
    pub modified: Timestamp,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The request goes on.
    Proceed,
    /// The caller has the file already: 304.
    NotModified,
    /// The file is not the one that the caller means: 412.
    Failed,
}

impl Validators {
    /// The validators of bytes with this digest.
    #[must_use]
    pub fn new(sha256: &[u8], modified: Timestamp) -> Self {
        let digits: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { etag: format!("\"{digits}\""), modified }
    }

    /// The value of `Last-Modified`.
    #[must_use]
    pub fn last_modified(&self) -> String {
        httpdate::fmt_http_date(system_time(self.modified))
    }

    /// Evaluates the conditions of a GET or HEAD in the order of section 13.2.2.
    #[must_use]
    pub fn evaluate(&self, headers: &HeaderMap) -> Outcome {
        if let Some(tags) = joined(headers, &header::IF_MATCH) {
            if !matches(&tags, &self.etag, Comparison::Strong) {
                return Outcome::Failed;
            }
        } else if let Some(since) = date(headers, &header::IF_UNMODIFIED_SINCE)
            && self.modified.secs() > since
        {
            return Outcome::Failed;
        }
        if let Some(tags) = joined(headers, &header::IF_NONE_MATCH) {
            if matches(&tags, &self.etag, Comparison::Weak) {
                return Outcome::NotModified;
            }
        } else if let Some(since) = date(headers, &header::IF_MODIFIED_SINCE)
            && self.modified.secs() <= since
        {
            return Outcome::NotModified;
        }
        Outcome::Proceed
    }

    /// Whether a range may be answered: there is no `If-Range`, or it names this very state.
    #[must_use]
    pub fn allow_range(&self, headers: &HeaderMap) -> bool {
        let Some(value) = joined(headers, &header::IF_RANGE) else { return true };
        let value = value.trim();
        if value.starts_with('"') || value.starts_with("W/") {
            return value == self.etag;
        }
        httpdate::parse_http_date(value).is_ok_and(|time| secs(time) == self.modified.secs())
    }
}

/// How entity tags are compared (section 8.8.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Weak tags equal nothing.
    Strong,
    /// Weakness does not count.
    Weak,
}

/// Whether a list of entity tags, or `*`, names this strong tag. Ends at the first thing that is no tag.
#[must_use]
pub fn matches(list: &str, etag: &str, comparison: Comparison) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (is_weak, tag) = match rest.strip_prefix("W/") {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        // A tag may hold commas, so the list cannot simply be split.
        let Some(end) = tag.strip_prefix('"').and_then(|inner| inner.find('"')) else {
            return false;
        };
        let (tag, after) = tag.split_at(end + 2);
        if tag == etag && (comparison == Comparison::Weak || !is_weak) {
            return true;
        }
        rest = after;
    }
}

/// All lines of a header as one list; `None` when there is none, or it is no text.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Result<Vec<&str>, _> =
        headers.get_all(name).iter().map(|value| value.to_str()).collect();
    lines.ok().filter(|lines| !lines.is_empty()).map(|lines| lines.join(", "))
}

/// A date in seconds; one that cannot be read, or stands there twice, counts as absent.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    httpdate::parse_http_date(joined(headers, name)?.trim()).ok().map(secs)
}

fn secs(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn system_time(time: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(time.secs()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn validators() -> Validators {
        Validators::new(&[0xab, 0x01], Timestamp(1_769_847_330_900_000))
    }

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let pair = |(name, value): &(HeaderName, &str)| {
            (name.clone(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    const SAME: &str = "Sat, 31 Jan 2026 08:15:30 GMT";
    const BEFORE: &str = "Sat, 31 Jan 2026 08:15:29 GMT";

    #[test]
    fn the_validators_are_written_as_the_standard_says() {
        assert_eq!(validators().etag, "\"ab01\"");
        assert_eq!(validators().last_modified(), SAME);
    }

    #[test]
    fn conditions_are_evaluated_in_the_standards_order() {
        use Outcome::{Failed, NotModified, Proceed};
        for (pairs, expected) in [
            (vec![], Proceed),
            (vec![(header::IF_MATCH, "\"ab01\"")], Proceed),
            (vec![(header::IF_MATCH, "*")], Proceed),
            (vec![(header::IF_MATCH, "\"x\", \"ab01\"")], Proceed),
            (vec![(header::IF_MATCH, "W/\"ab01\"")], Failed),
            (vec![(header::IF_MATCH, "\"x\"")], Failed),
            (vec![(header::IF_UNMODIFIED_SINCE, SAME)], Proceed),
            (vec![(header::IF_UNMODIFIED_SINCE, BEFORE)], Failed),
            (vec![(header::IF_UNMODIFIED_SINCE, "yesterday")], Proceed),
            // A tag that fits makes the date beside it void.
            (vec![(header::IF_MATCH, "\"ab01\""), (header::IF_UNMODIFIED_SINCE, BEFORE)], Proceed),
            (vec![(header::IF_NONE_MATCH, "\"ab01\"")], NotModified),
            (vec![(header::IF_NONE_MATCH, "W/\"ab01\"")], NotModified),
            (vec![(header::IF_NONE_MATCH, "\"a,b\", \"ab01\"")], NotModified),
            (vec![(header::IF_NONE_MATCH, "*")], NotModified),
            (vec![(header::IF_NONE_MATCH, "\"x\"")], Proceed),
            (vec![(header::IF_MODIFIED_SINCE, SAME)], NotModified),
            (vec![(header::IF_MODIFIED_SINCE, BEFORE)], Proceed),
            (vec![(header::IF_NONE_MATCH, "\"x\""), (header::IF_MODIFIED_SINCE, SAME)], Proceed),
            (vec![(header::IF_MATCH, "\"x\""), (header::IF_NONE_MATCH, "\"ab01\"")], Failed),
        ] {
            assert_eq!(validators().evaluate(&headers(&pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_range_needs_the_very_state_that_if_range_names() {
        for (value, expected) in [
            ("\"ab01\"", true),
            ("W/\"ab01\"", false),
            ("\"x\"", false),
            (SAME, true),
            (BEFORE, false),
            ("yesterday", false),
        ] {
            assert_eq!(
                validators().allow_range(&headers(&[(header::IF_RANGE, value)])),
                expected,
                "{value}"
            );
        }
        assert!(validators().allow_range(&HeaderMap::new()));
    }

    proptest! {
        #[test]
        fn a_tag_is_found_wherever_it_stands_in_a_list(before in "(\"[a-z,]{0,5}\"[ ,]{1,3}){0,4}", after in ".{0,20}") {
            let list = format!("{before}\"ab01\"{after}");
            prop_assert!(matches(&list, "\"ab01\"", Comparison::Strong));
        }

        #[test]
        fn no_list_makes_the_comparison_panic(list in "[W/\", a\u{e5}*]{0,40}") {
            _ = matches(&list, "\"ab01\"", Comparison::Weak);
        }
    }
}
