//! The digests of bytes on their way.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use md5::{Digest as _, Md5};

use crate::{BlobError, Expected};

/// The digests so far.
#[derive(Clone, Default)]
pub(crate) struct Digests {
    sha256: Option<Context>,
    md5: Option<Md5>,
}

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digests").finish_non_exhaustive()
    }
}

impl Digests {
    /// Of a blob: its SHA-256, and the MD5 where one was announced.
    pub(crate) fn of_blob(expected: &Expected) -> Self {
        Self { sha256: Some(Context::new(&SHA256)), ..Self::of_block(expected) }
    }

    /// Of a block: only what was announced.
    pub(crate) fn of_block(expected: &Expected) -> Self {
        Self { sha256: None, md5: expected.md5.map(|_| Md5::new()) }
    }

    /// Whether they are those of a blob.
    pub(crate) fn has_sha256(&self) -> bool {
        self.sha256.is_some()
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
    }

    /// Compares with what was announced; what was not is fine.
    pub(crate) fn check_md5(&mut self, expected: &Expected) -> Result<(), BlobError> {
        if let (Some(expected), Some(md5)) = (expected.md5, self.md5.take())
            && md5.finalize()[..] != expected
        {
            return Err(BlobError::Md5Mismatch);
        }
        Ok(())
    }

    /// The SHA-256; zeros where none was asked for.
    pub(crate) fn sha256(&mut self) -> [u8; 32] {
        let mut sha256 = [0; 32];
        if let Some(context) = self.sha256.take() {
            sha256.copy_from_slice(context.finish().as_ref());
        }
        sha256
    }
}
