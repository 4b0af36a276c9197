//! Which storage.

use std::fmt;
use std::path::PathBuf;

/// S3 copies no more than this in one call.
const LARGEST_COPY: u64 = 5 << 30;

/// Where an S3 storage is and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    /// The bucket.
    pub bucket: String,
    /// What every object begins with: empty, or with a slash at its end.
    pub prefix: String,
    /// Its address; AWS's own when absent.
    pub endpoint: Option<String>,
    /// The address that callers know it by, where that is another.
    pub public_endpoint: Option<String>,
    /// Its region; the environment's when absent.
    pub region: Option<String>,
    /// Whether the bucket stands in the path rather than in the host name.
    pub path_style: bool,
    /// Certificates of authorities to trust beside the system's, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Who asks; when absent the environment, the profile or the machine's metadata say, as for any other AWS client.
    pub credentials: Option<S3Credentials>,
    /// Larger objects are copied in parts of this size; S3 allows at most 5 GiB, and at least 5 MiB.
    pub largest_copy: u64,
}

/// A pair of keys.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Credentials {
    /// Names it.
    pub key: String,
    /// Proves it.
    pub secret: String,
}

impl fmt::Debug for S3Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Credentials").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Default for S3Settings {
    fn default() -> Self {
        Self {
            bucket: String::new(),
            prefix: String::new(),
            endpoint: None,
            public_endpoint: None,
            region: None,
            path_style: false,
            ca_file: None,
            credentials: None,
            largest_copy: LARGEST_COPY,
        }
    }
}
