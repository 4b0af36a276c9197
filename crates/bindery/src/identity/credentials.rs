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
                Some(from_basic(line.to_str().map_err(|_| TokenError::InvalidClient)?)?)
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
                Ok(Self { client: id.to_owned(), secret: secret.to_owned() })
            }
            (None, _) => Err(TokenError::InvalidClient),
        }
    }
}

fn from_basic(line: &str) -> Result<Credentials, TokenError> {
    let (scheme, encoded) = line.split_once(' ').ok_or(TokenError::InvalidClient)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(TokenError::InvalidClient);
    }
    let bytes = BASE64.decode(encoded.trim()).map_err(|_| TokenError::InvalidClient)?;
    let text = String::from_utf8(bytes).map_err(|_| TokenError::InvalidClient)?;
    let (client, secret) = text.split_once(':').ok_or(TokenError::InvalidClient)?;
    Ok(Credentials { client: form_decoded(client)?, secret: form_decoded(secret)? })
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
}
