//! The names of blocks.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// How many blocks an upload may have.
pub const MAX_BLOCKS: usize = 50_000;

/// The name of a block within its upload: 1 to 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(Vec<u8>);

impl BlockId {
    /// Takes the bytes behind the base64 of the protocol; `None` when there are none or too many.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (1..=64).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// The name of its file: hexadecimal, so that it is harmless whatever the bytes are.
    pub(crate) fn file_name(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The name of its object: half of a SHA-256, which keeps keys short. Some storages make file names of them.
    pub(crate) fn object_name(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&digest(&SHA256, &self.0).as_ref()[..16])
    }
}
