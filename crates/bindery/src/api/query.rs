//! Reading the query of a call: names in any case.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use axum::extract::FromRequestParts;
use bindery_domain::FieldErrors;
use http::request::Parts;
use percent_encoding::percent_decode;

/// The named parameters of a query, decoded. Of a repeated name the first counts; an empty value is as none.
#[derive(Debug, Default)]
pub struct QueryParameters(Vec<(String, Result<String, &'static str>)>);

impl QueryParameters {
    /// Reads a query such as `pageSize=5&searchTerm=a+b`.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name).ok()?, decoded(value)))
        });
        Self(pairs.collect())
    }

    /// The value of a parameter; notes an error when it is no text.
    pub fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        match value {
            Ok(text) if text.is_empty() => None,
            Ok(text) => Some(text),
            Err(message) => {
                errors.add(name, *message);
                None
            }
        }
    }

    /// The value of a parameter that is a whole number within limits; notes an error when it is not.
    pub fn number(
        &self,
        name: &str,
        limits: RangeInclusive<u32>,
        errors: &mut FieldErrors,
    ) -> Option<u32> {
        let text = self.text(name, errors)?;
        let number = text.trim().parse().ok().filter(|number| limits.contains(number));
        if number.is_none() {
            errors.add(
                name,
                format!("must be a whole number from {} to {}", limits.start(), limits.end()),
            );
        }
        number
    }
}

impl<S: Sync> FromRequestParts<S> for QueryParameters {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.uri.query().map(Self::parse).unwrap_or_default())
    }
}

fn decoded(text: &str) -> Result<String, &'static str> {
    let spaced =
        if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let bytes = percent_decode(spaced.as_bytes());
    let text = bytes.decode_utf8().map_err(|_| "must be UTF-8")?.into_owned();
    if text.contains('\0') { Err("must not contain NUL") } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case_and_values_are_decoded() {
        let query =
            QueryParameters::parse("PAGEsize=5&searchTerm=%C3%A5+b%2Bc&searchterm=second&flag");
        let mut errors = FieldErrors::default();
        assert_eq!(query.number("pageSize", 1..=1000, &mut errors), Some(5));
        assert_eq!(query.text("searchTerm", &mut errors), Some("å b+c"));
        assert_eq!(query.text("flag", &mut errors), None);
        assert_eq!(query.text("other", &mut errors), None);
        assert!(errors.is_empty());
    }

    #[test]
    fn what_is_no_number_within_limits_is_named() {
        for wrong in ["0", "1001", "-1", "1.5", "x", "99999999999999999999", "%FF", "%00"] {
            let mut errors = FieldErrors::default();
            let query = QueryParameters::parse(&format!("pagesize={wrong}"));
            assert_eq!(query.number("pageSize", 1..=1000, &mut errors), None);
            assert!(errors.0.contains_key("pageSize"), "{wrong}");
        }
    }
}
