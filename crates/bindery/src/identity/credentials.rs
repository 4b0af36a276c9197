//! What a client presents to prove itself: HTTP Basic or parameters (RFC 6749, section 2.3.1).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, header};

use super::TokenError;
use super::parameters::{Parameters, form_decoded};

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A claimed client and the secret to prove it.
pub struct Credentials {
    /// The claimed client id; anything.
    pub client: String,
    /// The presented secret.
    pub secret: String,
    /// The secret as it stood in an HTTP Basic header, when decoding it made another text of it. Many clients leave out
    /// the encoding that RFC 6749, section 2.3.1, asks for, so this may be what was meant.
    pub as_sent: Option<String>,
}

impl Credentials {
    /// Finds the credentials of a request.
    ///
    /// # Errors
    /// [`TokenError::InvalidClient`] when there are none, [`TokenError::InvalidRequest`] when there are two sets.
    pub fn find(headers: &HeaderMap, parameters: &Parameters) -> Result<Self, TokenError> {
        let in_body = (parameters.get("client_id"), parameters.get("client_secret"));
        let mut lines = headers.get_all(header::AUTHORIZATION).iter();
        let basic = match (lines.next(), lines.next()) {
            (None, _) => None,
            (Some(line), None) => {
                let basic = from_basic(line.to_str().map_err(|_| TokenError::InvalidClient)?)?;
                // A session that sends its last access token with every request, this one included, is proved by
                // what stands in the body.
                if basic.is_none() && !matches!(in_body, (Some(_), Some(_))) {
                    return Err(TokenError::InvalidClient);
                }
                basic
            }
            (Some(_), Some(_)) => {
                return Err(TokenError::InvalidRequest("two Authorization headers"));
            }
        };
        match (basic, in_body) {
            // RFC 6749, section 2.3: the client must not use more than one authentication method.
            (Some(_), (_, Some(_))) => {
                Err(TokenError::InvalidRequest("the client authenticates in two ways"))
            }
            (Some(basic), (Some(id), None)) if id != basic.client => {
                Err(TokenError::InvalidRequest("client_id is not the client that authenticates"))
            }
            (Some(basic), _) => Ok(basic),
            (None, (Some(id), Some(secret))) => {
                Ok(Self { client: id.to_owned(), secret: secret.to_owned(), as_sent: None })
            }
            (None, _) => Err(TokenError::InvalidClient),
        }
    }
}

/// Reads an `Authorization` header; `None` when it is of another scheme.
fn from_basic(line: &str) -> Result<Option<Credentials>, TokenError> {
    let (scheme, encoded) = line.split_once(' ').ok_or(TokenError::InvalidClient)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let bytes = BASE64.decode(encoded.trim()).map_err(|_| TokenError::InvalidClient)?;
    let text = String::from_utf8(bytes).map_err(|_| TokenError::InvalidClient)?;
    let (client, secret) = text.split_once(':').ok_or(TokenError::InvalidClient)?;
    // What cannot be decoded was not encoded.
    let decoded = form_decoded(secret).unwrap_or_else(|_| secret.to_owned());
    let as_sent = (decoded != secret).then(|| secret.to_owned());
    Ok(Some(Credentials { client: form_decoded(client)?, secret: decoded, as_sent }))
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;
    use http::HeaderValue;

    use super::*;

    fn find(basic: Option<&str>, form: &str) -> Result<(String, String), TokenError> {
        let mut headers = HeaderMap::new();
        if let Some(basic) = basic {
            let line = format!("bAsIc {}", BASE64_STANDARD.encode(basic));
            headers.insert(header::AUTHORIZATION, HeaderValue::try_from(line).unwrap());
        }
        let found = Credentials::find(&headers, &Parameters::from_form(form).unwrap())?;
        Ok((found.client, found.secret))
    }

    #[test]
    fn the_parts_of_basic_are_form_encoded() {
        let found = find(Some("erp%2Dsync:a%3Ab+c:d"), "").unwrap();
        assert_eq!(found, ("erp-sync".to_owned(), "a:b c:d".to_owned()));
    }

    #[test]
    fn a_secret_of_basic_may_also_be_meant_as_it_stands() {
        let as_sent = |secret: &str| {
            let line = format!("Basic {}", BASE64_STANDARD.encode(format!("a:{secret}")));
            let basic = from_basic(&line).unwrap().unwrap();
            (basic.secret, basic.as_sent)
        };
        assert_eq!(as_sent("plain-secret"), ("plain-secret".into(), None));
        assert_eq!(as_sent("a%2Bb"), ("a+b".into(), Some("a%2Bb".into())));
        assert_eq!(as_sent("a+b"), ("a b".into(), Some("a+b".into())));
        assert_eq!(as_sent("100%ff"), ("100%ff".into(), None));
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        assert!(matches!(
            find(Some("a:b"), "client_id=a&client_secret=b"),
            Err(TokenError::InvalidRequest(_))
        ));
        assert!(matches!(find(Some("a:b"), "client_id=c"), Err(TokenError::InvalidRequest(_))));
        assert!(find(Some("a:b"), "client_id=a").is_ok());
    }

    #[test]
    fn no_credentials_or_half_of_them_are_an_invalid_client() {
        for (basic, form) in
            [(None, ""), (None, "client_id=a"), (None, "client_secret=b"), (Some("no-colon"), "")]
        {
            assert!(
                matches!(find(basic, form), Err(TokenError::InvalidClient)),
                "{basic:?} {form}"
            );
        }
    }

    #[test]
    fn another_scheme_is_an_invalid_client() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
        assert!(matches!(
            Credentials::find(&headers, &Parameters::default()),
            Err(TokenError::InvalidClient)
        ));
    }

    #[test]
    fn another_scheme_beside_credentials_in_the_body_is_no_second_way() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
        let find = |form: &str| {
            Credentials::find(&headers, &Parameters::from_form(form).unwrap())
                .map(|found| (found.client, found.secret))
        };
        assert_eq!(find("client_id=a&client_secret=b").unwrap(), ("a".into(), "b".into()));
        assert!(matches!(find("client_id=a"), Err(TokenError::InvalidClient)));
    }
}
