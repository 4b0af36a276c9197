//! S3 storages for tests: one in this process for the many tests, Ceph's gateway for those about the storage itself.

mod in_process;
mod process;

pub use in_process::S3Server;
pub use process::S3Process;

/// The bucket that every storage of the tests has.
pub(crate) const BUCKET: &str = "bindery";
pub(crate) const KEY: &str = "BINDERYKEY0001";
pub(crate) const SECRET: &str = "bindery-secret-0001";

/// How to reach a storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Place {
    /// Its address, as `http://127.0.0.1:40123`.
    pub endpoint: String,
    /// A bucket that is there.
    pub bucket: String,
    /// Names who asks.
    pub key: String,
    /// Proves it.
    pub secret: String,
}

impl S3Place {
    pub(crate) fn at(endpoint: String) -> Self {
        Self { endpoint, bucket: BUCKET.into(), key: KEY.into(), secret: SECRET.into() }
    }

    /// A prefix of a test's own. Short: `s3s-fs` makes names of files of its keys.
    pub fn prefix() -> String {
        uuid::Uuid::new_v4().simple().to_string()[..12].to_owned()
    }

    /// The value of `--storage` for a prefix of a test's own.
    pub fn url(&self, prefix: &str) -> String {
        let Self { endpoint, bucket, .. } = self;
        format!("s3://{bucket}/{prefix}?endpoint={endpoint}&region=us-east-1&path-style=true")
    }

    /// The environment that makes a program use the storage. The metadata of the machine is never asked.
    pub fn environment(&self, prefix: &str) -> Vec<(String, String)> {
        [
            ("BINDERY_STORAGE", self.url(prefix)),
            ("AWS_ACCESS_KEY_ID", self.key.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret.clone()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// The same storage by another address.
    #[must_use]
    pub fn by(&self, endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), ..self.clone() }
    }
}
