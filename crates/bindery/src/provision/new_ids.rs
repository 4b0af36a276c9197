//! Ids and secrets for what a file leaves without.

use aws_lc_rs::{digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bindery_domain::{BinderId, ClientId, ElementId, ValueId};

/// A random binder id.
pub(crate) fn binder_id() -> BinderId {
    parsed(&nano_id(9))
}

/// A random id for an element of a binder's own.
pub(crate) fn element_id() -> ElementId {
    parsed(&nano_id(9))
}

/// A random id for an allowed value.
pub(crate) fn value_id() -> ValueId {
    parsed(&nano_id(9))
}

/// A random client id.
pub(crate) fn client_id() -> ClientId {
    parsed(&nano_id(21))
}

/// A random client id that says what it is for.
pub(crate) fn sandbox_client_id() -> ClientId {
    parsed(&format!("sandbox-{}", nano_id(12)))
}

/// The public name of a secret: random, so that it tells nothing of it.
pub(crate) fn secret_name() -> String {
    nano_id(9)
}

/// A secret of 256 random bits.
pub(crate) fn secret() -> String {
    let mut bytes = [0; 32];
    fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a secret.
pub(crate) fn secret_digest(secret: &str) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, secret.as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

/// Random characters of A-Z, a-z, 0-9, `_` and `-`.
fn nano_id(length: usize) -> String {
    let mut bytes = vec![0; length];
    fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 64)])).collect()
}

/// 64 characters, so that a byte chooses among them evenly.
pub(crate) const ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the system gives random bytes");
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(id: &str) -> T {
    id.parse().expect("these characters make an id")
}
