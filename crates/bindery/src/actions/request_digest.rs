//! What tells one request from another.

use aws_lc_rs::digest::{Context, SHA256};

/// SHA-256 over parts, each preceded by its length so that parts cannot be shifted into each other.
pub struct RequestDigest(Context);

impl RequestDigest {
    /// A digest of no parts yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: &[u8]) -> Self {
        self.0.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(part);
        self
    }

    /// Adds a part that may be absent; absent and empty differ.
    #[must_use]
    pub fn optional(self, part: Option<&str>) -> Self {
        match part {
            Some(part) => self.part(b"1").part(part.as_bytes()),
            None => self.part(b"0"),
        }
    }

    /// The digest of all parts.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.finish().as_ref());
        bytes
    }
}

impl Default for RequestDigest {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let digest = |parts: &[&str]| {
            parts
                .iter()
                .fold(RequestDigest::new(), |digest, part| digest.part(part.as_bytes()))
                .finish()
        };
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(
            RequestDigest::new().optional(None).finish(),
            RequestDigest::new().optional(Some("")).finish()
        );
    }
}
