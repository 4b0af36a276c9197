//! Strong entity tags of JSON answers (RFC 9110 section 8.8.3).

use aws_lc_rs::digest;
use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderValue};

/// A strong entity tag: half of the SHA-256 of the bytes, in hexadecimal, in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ETag(String);

impl ETag {
    /// The tag of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::of_digest(digest::digest(&digest::SHA256, bytes).as_ref())
    }

    /// The tag of bytes that have this SHA-256.
    pub(crate) fn of_digest(sha256: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(34);
        text.push('"');
        for byte in sha256.iter().take(16) {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text.push('"');
        Self(text)
    }

    /// The tag as a header value.
    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("quotes and hexadecimal digits are a header value")
    }
}

/// Whether `If-None-Match` names the tag, compared weakly (RFC 9110 section 13.1.2), or is `*`.
pub(crate) fn matches_none(request: &HeaderMap, tag: &ETag) -> bool {
    request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        let mut tags = value.split(',').map(str::trim);
        value.trim() == "*" || tags.any(|each| each.strip_prefix("W/").unwrap_or(each) == tag.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_matches_when_one_does() {
        let tag = ETag::of(b"x");
        let matches = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value.parse().unwrap());
            matches_none(&headers, &tag)
        };
        assert!(matches("*") && matches(&tag.0) && matches(&format!("\"a\", W/{}", tag.0)));
        assert!(!matches("\"a\"") && !matches("") && !matches(tag.0.trim_matches('"')));
        assert!(!matches_none(&HeaderMap::new(), &tag));
    }
}
