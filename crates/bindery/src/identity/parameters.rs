//! The parameters of a request to the identity provider: a form, or a JSON object with the same names.

use std::fmt;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};

use super::TokenError;

/// A token request is a few hundred bytes; a token to revoke at most four thousand.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// How long a caller may take to send one. Anyone may call here, so nobody may hold a connection.
const TIME_TO_SEND: Duration = Duration::from_secs(30);

/// Named parameters, each at most once, none without a value.
#[derive(Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The parameter of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`TokenError::InvalidRequest`] for a repeated parameter or bytes that are no UTF-8.
    pub fn from_form(body: &str) -> Result<Self, TokenError> {
        let mut parameters = Self::default();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.add(form_decoded(name)?, form_decoded(value)?)?;
        }
        Ok(parameters.with_values())
    }

    /// Reads a JSON object. Members that are not text are ignored, unless a caller asks for them.
    ///
    /// # Errors
    /// [`TokenError::InvalidRequest`] for a repeated member or what is no object.
    pub fn from_json(body: &[u8]) -> Result<Self, TokenError> {
        // A byte order mark is no part of the text (RFC 8259, section 8.1, lets us ignore it).
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let Members(members) = serde_json::from_slice(body)
            .map_err(|_| TokenError::InvalidRequest("the body is no JSON object"))?;
        let mut parameters = Self::default();
        for (name, value) in members {
            let value = match value {
                serde_json::Value::String(text) => text,
                serde_json::Value::Null => String::new(),
                _ if KNOWN.contains(&name.as_str()) => {
                    return Err(TokenError::InvalidRequest("a parameter is not a string"));
                }
                _ => "ignored".to_owned(),
            };
            parameters.add(name, value)?;
        }
        Ok(parameters.with_values())
    }

    fn add(&mut self, name: String, value: String) -> Result<(), TokenError> {
        // RFC 6749, section 3.2: parameters must not be included more than once. What other standards add may be
        // (RFC 8707, section 2; RFC 8693, section 2.1); we have one API, so we read neither.
        if REPEATABLE.contains(&name.as_str()) {
            return Ok(());
        }
        if self.0.iter().any(|(known, _)| *known == name) {
            return Err(TokenError::InvalidRequest("a parameter is given twice"));
        }
        if self.0.len() >= 32 {
            return Err(TokenError::InvalidRequest("too many parameters"));
        }
        self.0.push((name, value));
        Ok(())
    }

    /// RFC 6749, section 3.2: parameters sent without a value are treated as if they were omitted.
    fn with_values(mut self) -> Self {
        self.0.retain(|(_, value)| !value.is_empty());
        self
    }
}

/// Parameters that name what a token is for; a request may have several of each.
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The parameters that some endpoint of ours reads.
const KNOWN: [&str; 6] =
    ["grant_type", "client_id", "client_secret", "scope", "token", "token_type_hint"];

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = TokenError;

    async fn from_request(request: Request, _: &S) -> Result<Self, TokenError> {
        let (parts, body) = request.into_parts();
        let kind = BodyKind::of(&parts.headers);
        let bytes = read(body, TIME_TO_SEND).await?;
        match kind {
            _ if bytes.is_empty() => Ok(Self::default()),
            Some(BodyKind::Json) => Self::from_json(&bytes),
            Some(BodyKind::Form) => {
                let text = std::str::from_utf8(&bytes)
                    .map_err(|_| TokenError::InvalidRequest("the body is no UTF-8"))?;
                Self::from_form(text)
            }
            None => Err(TokenError::InvalidRequest(
                "the body is application/x-www-form-urlencoded or application/json",
            )),
        }
    }
}

enum BodyKind {
    Form,
    Json,
}

impl BodyKind {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let Some(value) = headers.get(header::CONTENT_TYPE) else { return Some(Self::Form) };
        let essence = value.to_str().ok()?.split(';').next()?.trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "application/json" => Some(Self::Json),
            other if other.starts_with("application/") && other.ends_with("+json") => {
                Some(Self::Json)
            }
            _ => None,
        }
    }
}

async fn read(body: Body, time: Duration) -> Result<bytes::Bytes, TokenError> {
    let read = tokio::time::timeout(time, axum::body::to_bytes(body, MAX_BODY_BYTES)).await;
    let read = read.map_err(|_| TokenError::InvalidRequest("the body took too long to arrive"))?;
    read.map_err(|_| TokenError::InvalidRequest("the body is too large or was broken off"))
}

/// Decodes a name or value of a form, also of an HTTP Basic header (RFC 6749, appendix B).
pub(crate) fn form_decoded(text: &str) -> Result<String, TokenError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(|text| text.into_owned())
        .map_err(|_| TokenError::InvalidRequest("a parameter is no UTF-8"))
}

/// The members of a JSON object in order, repeated ones included: a map would hide them.
struct Members(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_and_json_mean_the_same() {
        let form = Parameters::from_form(
            "grant_type=client_credentials&client_id=a&client_secret=%C3%A5+%2B%26",
        )
        .unwrap();
        let json = Parameters::from_json(
            r#"{"grant_type":"client_credentials","client_id":"a","client_secret":"å +&","unknown":{"x":1}}"#.as_bytes(),
        )
        .unwrap();
        for parameters in [form, json] {
            assert_eq!(parameters.get("grant_type"), Some("client_credentials"));
            assert_eq!(parameters.get("client_secret"), Some("å +&"));
            assert_eq!(parameters.get("scope"), None);
        }
    }

    #[test]
    fn a_parameter_without_a_value_counts_as_absent() {
        assert_eq!(Parameters::from_form("scope=&client_id").unwrap().get("scope"), None);
        assert_eq!(
            Parameters::from_json(br#"{"scope":null,"client_id":""}"#).unwrap().get("client_id"),
            None
        );
    }

    #[test]
    fn a_repeated_parameter_is_refused_even_when_empty_or_unknown() {
        for form in ["scope=a&scope=a", "scope=&scope=a", "x=1&%78=2"] {
            assert!(
                matches!(Parameters::from_form(form), Err(TokenError::InvalidRequest(_))),
                "{form}"
            );
        }
        assert!(Parameters::from_json(br#"{"scope":"a","scope":"a"}"#).is_err());
    }

    #[test]
    fn what_a_token_is_for_may_be_named_several_times() {
        let form = "resource=urn:a&resource=urn:b&audience=c&audience=d&client_id=e";
        assert_eq!(Parameters::from_form(form).unwrap().get("client_id"), Some("e"));
        assert!(Parameters::from_json(br#"{"audience":["a"],"audience":"b"}"#).is_ok());
    }

    #[test]
    fn a_byte_order_mark_before_json_is_ignored() {
        let marked = "\u{feff}{\"client_id\":\"a\"}";
        assert_eq!(Parameters::from_json(marked.as_bytes()).unwrap().get("client_id"), Some("a"));
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let body = Body::from_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>());
        let refused = read(body, Duration::from_millis(10)).await;
        assert!(matches!(refused, Err(TokenError::InvalidRequest(_))));
    }

    #[test]
    fn names_of_json_are_exact() {
        assert_eq!(Parameters::from_json(br#"{"Client_Id":"a"}"#).unwrap().get("client_id"), None);
    }

    #[test]
    fn what_is_no_set_of_parameters_is_refused() {
        for body in ["", "[]", "\"a\"", "{", r#"{"client_id":7}"#, r#"{"scope":["a"]}"#] {
            assert!(Parameters::from_json(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Parameters::from_form("client_id=%ff").is_err());
    }
}
