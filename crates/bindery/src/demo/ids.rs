//! Ids that are the same in every demonstration of a kind and number: from SHA-256 of what they name.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 16 bytes of a random-looking GUID.
pub(crate) fn guid(kind: &str, number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash(kind, number)[..16]);
    // Version 4 and its variant, as every GUID of the platform.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// A `NanoId` of 9 characters.
pub(crate) fn nano_id(kind: &str, number: u64) -> String {
    URL_SAFE_NO_PAD.encode(&hash(kind, number)[..7])[..9].to_owned()
}

/// A secret that everybody may know.
pub(crate) fn secret(client: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(client, 0))
}

fn hash(kind: &str, number: u64) -> [u8; 32] {
    let hash = digest(&SHA256, format!("bindery demonstration/{kind}/{number}").as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.as_ref());
    bytes
}
