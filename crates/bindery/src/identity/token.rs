//! Verifying access tokens. Pure: no database, no clock.

use bindery_domain::Timestamp;

use super::claims::Claims;
use super::keyring::Keyring;
use crate::clock::SKEW_SECS;

/// Longer texts are no tokens of ours and are refused unread.
const MAX_TOKEN_BYTES: usize = 4096;

/// Why a text is no valid access token. Callers outside learn only that it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// It is no JWT with an access token's header.
    #[error("not an access token")]
    Malformed,
    /// It names a key that is not ours, or no longer.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// The signature is wrong, or the claims are incomplete or for another audience.
    #[error("signature or claims do not hold")]
    NotOurs,
    /// Its time is over, or has not come.
    #[error("expired")]
    Expired,
}

/// Verifies a token and returns what it says.
///
/// The issuer's text is not compared: the key is looked up among this installation's own, which sign nothing
/// else, and the public URL may change while tokens live.
///
/// # Errors
/// [`InvalidToken`] for everything that is no live access token of this installation.
pub fn verify(token: &str, keys: &Keyring, now: Timestamp) -> Result<Claims, InvalidToken> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(InvalidToken::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| InvalidToken::Malformed)?;
    // RFC 9068, section 4: the type tells an access token from any other JWT; `crit` names what must be understood.
    let is_access_token = header.typ.as_deref().is_some_and(|typ| {
        typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
    });
    if !is_access_token || header.crit.is_some() {
        return Err(InvalidToken::Malformed);
    }
    let kid = header.kid.as_deref().ok_or(InvalidToken::Malformed)?;
    let key = keys.verifier(kid, now).ok_or(InvalidToken::UnknownKey)?;
    // The validation names the key's own algorithm, so a token cannot choose another.
    let (verifying, validation) = key.verifying();
    let claims = jsonwebtoken::decode::<Claims>(token, verifying, validation)
        .map_err(|_| InvalidToken::NotOurs)?
        .claims;
    // The node that issued it may be ahead.
    let is_live = claims.exp > now.secs() && claims.iat <= now.secs().saturating_add(SKEW_SECS);
    if is_live { Ok(claims) } else { Err(InvalidToken::Expired) }
}

#[cfg(test)]
mod tests {
    use bindery_domain::Role;

    use super::*;
    use crate::identity::claims::Authenticated;
    use crate::identity::{KeyTimes, SigningAlgorithm, SigningKey, signing_key};

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn key(
        algorithm: SigningAlgorithm,
        signs_from: Timestamp,
        verifies_until: Option<Timestamp>,
    ) -> SigningKey {
        let times = KeyTimes { created: signs_from, signs_from, verifies_until };
        SigningKey::parse(algorithm, &signing_key::generate(algorithm).unwrap(), times).unwrap()
    }

    fn claims() -> Claims {
        let by = Authenticated {
            client: "erp-sync".parse().unwrap(),
            organization: "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".parse().unwrap(),
            role: Role::Creator,
            secret: "s1".into(),
        };
        Claims::new("https://bindery.example", &by, "j1".into(), NOW, 3600)
    }

    fn signed(keys: &Keyring, claims: &Claims) -> String {
        keys.signer(NOW).unwrap().sign(&serde_json::to_vec(claims).unwrap()).unwrap()
    }

    #[test]
    fn a_token_of_either_algorithm_verifies_until_it_expires() {
        for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
            let keys = Keyring::new(vec![key(algorithm, NOW, None)]);
            let token = signed(&keys, &claims());
            assert_eq!(verify(&token, &keys, NOW), Ok(claims()));
            assert_eq!(verify(&token, &keys, NOW.plus_secs(3599)), Ok(claims()));
            assert_eq!(verify(&token, &keys, NOW.plus_secs(3600)), Err(InvalidToken::Expired));
        }
    }

    #[test]
    fn a_changed_token_is_refused_wherever_it_was_changed() {
        let keys = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        let token = signed(&keys, &claims());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(verify(&changed, &keys, NOW).is_err(), "changed at {at}: {changed}");
        }
    }

    #[test]
    fn a_token_signed_with_anothers_key_is_refused() {
        let ours = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        let theirs = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        assert_eq!(verify(&signed(&theirs, &claims()), &ours, NOW), Err(InvalidToken::UnknownKey));
    }

    #[test]
    fn a_token_for_another_audience_is_refused() {
        let keys = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        let other = Claims { aud: "elsewhere".into(), ..claims() };
        assert_eq!(verify(&signed(&keys, &other), &keys, NOW), Err(InvalidToken::NotOurs));
    }

    #[test]
    fn a_token_without_signature_or_with_a_symmetric_one_is_refused() {
        use base64::Engine;
        let keys = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        let token = signed(&keys, &claims());
        let body = token.split('.').nth(1).unwrap();
        let kid = keys.signer(NOW).unwrap().kid();
        for (alg, signature) in
            [("none", ""), ("HS256", "AAAA"), ("RS256", "AAAA"), ("ES384", "AAAA")]
        {
            let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"{kid}"}}"#);
            let header = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(header);
            assert!(verify(&format!("{header}.{body}.{signature}"), &keys, NOW).is_err(), "{alg}");
        }
    }

    #[test]
    fn another_kind_of_jwt_of_the_same_key_is_refused() {
        let keys = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        let pkcs8 = signing_key::generate(SigningAlgorithm::Es256).unwrap();
        let kid = keys.signer(NOW).unwrap().kid().to_owned();
        let header = jsonwebtoken::Header {
            kid: Some(kid),
            ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256)
        };
        let token = jsonwebtoken::encode(
            &header,
            &claims(),
            &jsonwebtoken::EncodingKey::from_ec_der(&pkcs8),
        )
        .unwrap();
        assert_eq!(verify(&token, &keys, NOW), Err(InvalidToken::Malformed));
    }

    #[test]
    fn a_new_key_signs_when_its_time_comes_and_the_old_one_verifies_until_its_end() {
        let handover = NOW.plus_secs(5);
        let end = NOW.plus_secs(3605);
        let old = key(SigningAlgorithm::Es256, Timestamp(NOW.0 - 1), Some(end));
        let new = key(SigningAlgorithm::Es256, handover, None);
        let (old_kid, new_kid) = (old.kid().to_owned(), new.kid().to_owned());
        let keys = Keyring::new(vec![old, new]);
        assert_eq!(keys.published(NOW).count(), 2);
        assert_eq!(keys.signer(NOW).unwrap().kid(), old_kid);
        assert_eq!(keys.signer(handover).unwrap().kid(), new_kid);
        let token = signed(&keys, &claims());
        assert!(verify(&token, &keys, NOW.plus_secs(3599)).is_ok());
        assert_eq!(keys.published(end).count(), 1);
        assert_eq!(verify(&token, &keys, end), Err(InvalidToken::UnknownKey));
    }

    #[test]
    fn garbage_is_refused() {
        let keys = Keyring::new(vec![key(SigningAlgorithm::Es256, NOW, None)]);
        for text in ["", ".", "..", "a.b.c", "e30.e30.", "\u{0}", "åäö.å.ä"] {
            assert!(verify(text, &keys, NOW).is_err());
        }
        assert_eq!(verify(&"a".repeat(5000), &keys, NOW), Err(InvalidToken::Malformed));
    }
}
