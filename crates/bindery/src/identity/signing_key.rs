//! One signing key, parsed once: signing parses nothing.

use anyhow::{Context, anyhow};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bindery_domain::Timestamp;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters,
    EllipticCurveKeyType, Jwk, KeyAlgorithm, PublicKeyUse, RSAKeyParameters, RSAKeyType,
    ThumbprintHash,
};
use jsonwebtoken::{DecodingKey, Validation};

use super::SigningAlgorithm;
use super::claims::AUDIENCE;

/// A key that signs access tokens, or did and still verifies them.
pub struct SigningKey {
    kid: String,
    algorithm: SigningAlgorithm,
    pair: Pair,
    public_jwk: Jwk,
    verifying: DecodingKey,
    validation: Validation,
    /// The token's header, encoded, with the dot behind it.
    header: String,
    times: KeyTimes,
}

/// When a key does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// When it was made.
    pub created: Timestamp,
    /// From when on it signs, unless a later key does.
    pub signs_from: Timestamp,
    /// Until when it verifies; absent while it signs or will sign.
    pub verifies_until: Option<Timestamp>,
}

enum Pair {
    Ec(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// Makes the private half of a new key, as PKCS #8.
///
/// # Errors
/// When the cryptographic library refuses, which it does only without random numbers.
pub(crate) fn generate(algorithm: SigningAlgorithm) -> anyhow::Result<Vec<u8>> {
    let pkcs8 = match algorithm {
        SigningAlgorithm::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
            pair.and_then(|pair| pair.to_pkcs8v1()).map(|document| document.as_ref().to_vec())
        }
        SigningAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)
            .and_then(|pair| pair.as_der())
            .map(|der: aws_lc_rs::encoding::Pkcs8V1Der<'_>| der.as_ref().to_vec()),
    };
    pkcs8.map_err(|_| anyhow!("no new {algorithm} key could be made"))
}

impl SigningKey {
    /// Parses the private half.
    ///
    /// # Errors
    /// When the bytes are no key of that algorithm.
    pub fn parse(
        algorithm: SigningAlgorithm,
        pkcs8: &[u8],
        times: KeyTimes,
    ) -> anyhow::Result<Self> {
        let (pair, parameters) = match algorithm {
            SigningAlgorithm::Es256 => parse_ec(pkcs8)?,
            SigningAlgorithm::Rs256 => parse_rsa(pkcs8)?,
        };
        let mut public_jwk = Jwk { common: CommonParameters::default(), algorithm: parameters };
        // The thumbprint (RFC 7638) as name: it follows from the key and cannot name another.
        let kid = public_jwk.thumbprint(ThumbprintHash::SHA256).context("naming a signing key")?;
        public_jwk.common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(match algorithm {
                SigningAlgorithm::Es256 => KeyAlgorithm::ES256,
                SigningAlgorithm::Rs256 => KeyAlgorithm::RS256,
            }),
            key_id: Some(kid.clone()),
            ..CommonParameters::default()
        };
        let verifying = DecodingKey::from_jwk(&public_jwk).context("reading a public key")?;
        let header = format!(r#"{{"typ":"at+jwt","alg":"{algorithm}","kid":"{kid}"}}"#);
        let header = format!("{}.", BASE64_URL_SAFE_NO_PAD.encode(header));
        Ok(Self {
            kid,
            algorithm,
            pair,
            public_jwk,
            verifying,
            validation: validation(algorithm),
            header,
            times,
        })
    }

    /// The key's public name, in the headers of its tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithm that it is for.
    #[must_use]
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The public half (RFC 7517).
    #[must_use]
    pub fn public_jwk(&self) -> &Jwk {
        &self.public_jwk
    }

    /// When it does what.
    #[must_use]
    pub fn times(&self) -> KeyTimes {
        self.times
    }

    /// Whether tokens that it signed still count.
    #[must_use]
    pub fn can_verify(&self, now: Timestamp) -> bool {
        self.times.verifies_until.is_none_or(|until| now < until)
    }

    /// Signs the claims, given as JSON, into a token.
    ///
    /// # Errors
    /// When the cryptographic library refuses.
    pub fn sign(&self, claims: &[u8]) -> anyhow::Result<String> {
        let mut token = String::with_capacity(self.header.len() + claims.len() * 4 / 3 + 352);
        token.push_str(&self.header);
        BASE64_URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ec(pair) => {
                pair.sign(&random, token.as_bytes()).map(|signed| signed.as_ref().to_vec())
            }
            Pair::Rsa(pair) => {
                let mut signed = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signed)
                    .map(|()| signed)
            }
        };
        let signature = signature.map_err(|_| anyhow!("key {} could not sign", self.kid))?;
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// What a verifier of its tokens needs.
    pub(crate) fn verifying(&self) -> (&DecodingKey, &Validation) {
        (&self.verifying, &self.validation)
    }
}

/// What the library checks. Times are checked by the caller, against the server's own clock.
fn validation(algorithm: SigningAlgorithm) -> Validation {
    let mut validation = Validation::new(algorithm.jwt());
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    validation.validate_exp = false;
    validation
}

fn parse_ec(pkcs8: &[u8]) -> anyhow::Result<(Pair, AlgorithmParameters)> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
        .map_err(|cause| anyhow!("an ES256 key cannot be read: {cause}"))?;
    // 0x04, then the two coordinates of 32 bytes (SEC 1, section 2.3.3).
    let point = pair.public_key().as_ref();
    let (x, y) = point
        .get(1..)
        .and_then(|both| both.split_at_checked(32))
        .context("an ES256 key has no public point")?;
    let parameters = AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
        key_type: EllipticCurveKeyType::EC,
        curve: EllipticCurve::P256,
        x: BASE64_URL_SAFE_NO_PAD.encode(x),
        y: BASE64_URL_SAFE_NO_PAD.encode(y),
    });
    Ok((Pair::Ec(Box::new(pair)), parameters))
}

fn parse_rsa(pkcs8: &[u8]) -> anyhow::Result<(Pair, AlgorithmParameters)> {
    let pair = RsaKeyPair::from_pkcs8(pkcs8)
        .map_err(|cause| anyhow!("an RS256 key cannot be read: {cause}"))?;
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let parameters = AlgorithmParameters::RSA(RSAKeyParameters {
        key_type: RSAKeyType::RSA,
        n: BASE64_URL_SAFE_NO_PAD.encode(public.n),
        e: BASE64_URL_SAFE_NO_PAD.encode(public.e),
    });
    Ok((Pair::Rsa(Box::new(pair)), parameters))
}
