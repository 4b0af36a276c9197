//! The storages that the suite runs on, each empty for each test.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use bindery_blobs::{Blobs, S3Credentials, S3Settings};
use bindery_testkit::{S3Place, S3Process, S3Server};
use tempfile::TempDir;

/// Copies above this go by parts: the smallest part that S3 knows.
pub(crate) const LARGEST_COPY: u64 = 5 << 20;

/// An empty storage.
pub(crate) struct Storage {
    pub(crate) blobs: Blobs,
    /// Of files: where they are.
    pub(crate) folder: Option<TempDir>,
    /// Of S3: how it is reached.
    pub(crate) settings: Option<S3Settings>,
}

impl Storage {
    pub(crate) fn files() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("files")).unwrap();
        Self { blobs, folder: Some(folder), settings: None }
    }

    pub(crate) async fn s3s_fs() -> Self {
        Self::at(S3Server::shared().place()).await
    }

    pub(crate) async fn radosgw() -> Self {
        Self::at(tokio::task::spawn_blocking(S3Process::radosgw).await.unwrap().place()).await
    }

    #[cfg(feature = "garage")]
    pub(crate) async fn garage() -> Self {
        Self::at(tokio::task::spawn_blocking(S3Process::garage).await.unwrap().place()).await
    }

    async fn at(place: &S3Place) -> Self {
        let settings = S3Settings {
            bucket: place.bucket.clone(),
            prefix: format!("{}/", S3Place::prefix()),
            endpoint: Some(place.endpoint.clone()),
            region: Some("us-east-1".into()),
            path_style: true,
            credentials: Some(S3Credentials {
                key: place.key.clone(),
                secret: place.secret.clone(),
            }),
            largest_copy: LARGEST_COPY,
            ..S3Settings::default()
        };
        let blobs = Blobs::connect(&settings).await.unwrap();
        Self { blobs, folder: None, settings: Some(settings) }
    }

    /// The same storage as another server sees it, by this address.
    pub(crate) async fn by(&self, endpoint: &str) -> Blobs {
        let mut settings = self.settings.clone().unwrap();
        settings.endpoint = Some(endpoint.to_owned());
        Blobs::connect(&settings).await.unwrap()
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.settings.as_ref().unwrap().endpoint.as_deref().unwrap()
    }

    /// The bytes of what lies at a path of the storage.
    pub(crate) async fn read(&self, path: &Path) -> Vec<u8> {
        let Some(settings) = &self.settings else {
            return std::fs::read(path).unwrap();
        };
        let key = format!("{}{}", settings.prefix, path.display());
        let got = self.client().get_object().bucket(&settings.bucket).key(key).send().await;
        got.unwrap().body.collect().await.unwrap().to_vec()
    }

    /// A plain client of the storage, for what Bindery itself never asks.
    pub(crate) fn client(&self) -> aws_sdk_s3::Client {
        let settings = self.settings.as_ref().unwrap();
        let given = settings.credentials.clone().unwrap();
        let credentials = Credentials::new(given.key, given.secret, None, None, "test");
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .credentials_provider(credentials)
            .endpoint_url(self.endpoint())
            .force_path_style(true)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .region(Region::new("us-east-1"));
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// The folder of files.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("files")
    }

    /// Waits until nothing lies in the storage: what is given up is removed beside.
    pub(crate) async fn until_empty(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let found = self.blobs.list().all().await.unwrap();
            if found.is_empty() {
                return;
            }
            assert!(Instant::now() < end, "still there: {found:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
