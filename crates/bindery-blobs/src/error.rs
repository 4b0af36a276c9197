//! What can go wrong with stored bytes.

use std::io;

use crate::BlobKey;

/// An error of the storage. None of its texts is for callers of the API.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The file system, or the quota on it, is full.
    #[error("no space is left for stored bytes")]
    NoSpace,
    /// There are no bytes under that key.
    #[error("the bytes of blob {0} are missing")]
    Missing(BlobKey),
    /// More bytes came than are allowed.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The bytes do not have the announced MD5.
    #[error("the bytes do not have the announced MD5")]
    Md5Mismatch,
    /// A block list names a block that was never put.
    #[error("a block of the list is not there")]
    UnknownBlock,
    /// More blocks were put than an upload may have.
    #[error("more blocks than {}", crate::MAX_BLOCKS)]
    TooManyBlocks,
    /// The upload ended while the block was under way.
    #[error("the upload has ended")]
    Ended,
    /// The storage does not answer, or refuses: it may be better in a moment.
    #[error("{what}: {cause}")]
    Unavailable {
        /// What was being done.
        what: &'static str,
        /// What the storage or the network said.
        cause: String,
    },
    /// The settings of the storage cannot be used.
    #[error("{0}")]
    Settings(String),
    /// Anything else that the file system says.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl BlobError {
    /// Turns an error of the system into ours; says what was being done.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace,
            _ => Self::Io { what, source },
        }
    }
}

/// A thread that works for us went away: the program is ending.
pub(crate) fn stopped(_: tokio::task::JoinError) -> BlobError {
    BlobError::Io { what: "waiting for a file", source: io::Error::other("the work was stopped") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_an_error_of_its_own() {
        let full = io::Error::from_raw_os_error(rustix::io::Errno::NOSPC.raw_os_error());
        assert!(matches!(BlobError::io("writing")(full), BlobError::NoSpace));
        let quota = io::Error::from_raw_os_error(rustix::io::Errno::DQUOT.raw_os_error());
        assert!(matches!(BlobError::io("writing")(quota), BlobError::NoSpace));
    }
}
