//! Client secrets: made here, kept as digests only.

use anyhow::anyhow;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Makes a secret of 256 random bits, as 43 characters that need no encoding anywhere.
///
/// # Errors
/// When the system gives no random numbers.
pub fn generate() -> anyhow::Result<String> {
    random_name::<32>()
}

/// Makes the public name of a new secret; tokens carry it.
///
/// # Errors
/// When the system gives no random numbers.
pub fn new_name() -> anyhow::Result<String> {
    random_name::<9>()
}

/// What is stored of a secret. A plain digest is enough against guessing 2^256 values.
#[must_use]
pub fn digest_of(secret: &str) -> [u8; 32] {
    sha256(secret.as_bytes())
}

/// Whether the two digests are equal, in a time that says nothing about where they differ.
#[must_use]
pub fn is_equal(presented: &[u8; 32], stored: &[u8]) -> bool {
    verify_slices_are_equal(presented, stored).is_ok()
}

/// Random text of so many bytes.
pub(crate) fn random_name<const BYTES: usize>() -> anyhow::Result<String> {
    let mut bytes = [0; BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow!("the system gives no random numbers"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut answer = [0; 32];
    answer.copy_from_slice(digest(&SHA256, bytes).as_ref());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_needs_no_encoding() {
        let secret = generate().unwrap();
        assert_eq!(secret.len(), 43);
        assert!(secret.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
        assert_ne!(secret, generate().unwrap());
    }

    #[test]
    fn only_the_same_secret_is_equal() {
        let stored = digest_of("only-for-tests");
        assert!(is_equal(&digest_of("only-for-tests"), &stored));
        assert!(!is_equal(&digest_of("only-for-testz"), &stored));
        assert!(!is_equal(&digest_of("only-for-tests"), b"short"));
    }
}
