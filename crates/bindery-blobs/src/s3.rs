//! Bytes in an S3 storage that any number of servers share.
//!
//! Every call goes through [`S3::call`], which measures it and turns what went wrong into a [`Failure`].

mod abilities;
mod blocks;
mod client;
mod copy;
mod direct;
mod failure;
mod init;
mod list;
mod multipart;
mod object;
mod reader;
mod settings;

use std::sync::Arc;
use std::time::Instant;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::Semaphore;

use crate::ledger::Ledgers;
use crate::{BlobError, BlobKey, Expected};

pub use abilities::Abilities;
pub(crate) use blocks::S3Block;
pub use direct::{Overrides, Taken};
use failure::Failure;
pub(crate) use object::S3Writer;
pub(crate) use reader::S3Reader;
pub use settings::{S3Credentials, S3Settings};

/// An S3 storage. Cheap to clone.
#[derive(Debug, Clone)]
pub struct S3 {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: S3Settings,
    client: Client,
    /// Makes URLs for callers, who may know the storage by another address.
    public: Client,
    ledgers: Ledgers,
    /// The memory for bytes on their way in, in steps: see [`object`].
    buffers: Arc<Semaphore>,
    abilities: std::sync::OnceLock<Abilities>,
}

impl S3 {
    /// Prepares the use of a storage; asks it nothing.
    pub(crate) async fn connect(settings: &S3Settings) -> Result<Self, BlobError> {
        let (client, public) = client::connect(settings).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                settings: settings.clone(),
                client,
                public,
                ledgers: Ledgers::default(),
                buffers: Arc::new(Semaphore::new(object::BUFFER_STEPS)),
                abilities: std::sync::OnceLock::new(),
            }),
        })
    }

    pub(crate) fn begin(&self, key: BlobKey, expected: Expected) -> S3Writer {
        S3Writer::of_blob(self.clone(), self.key(&key.object()), expected)
    }

    pub(crate) async fn remove(&self, key: BlobKey) -> Result<(), BlobError> {
        self.delete(&self.key(&key.object())).await
    }

    /// The whole key of a blob in the bucket.
    #[must_use]
    pub fn object(&self, key: BlobKey) -> String {
        self.key(&key.object())
    }

    /// Asks for one name: the storage answers, and the credentials are good.
    pub(crate) async fn probe(&self) -> Result<(), BlobError> {
        let request = self.client().list_objects_v2().bucket(self.bucket()).max_keys(1);
        let request = request.prefix(self.key("uploads/")).send();
        self.call("list", "probing the storage", request).await.map(drop).map_err(Failure::into)
    }

    /// Removes an object; one that is not there is fine.
    async fn delete(&self, key: &str) -> Result<(), BlobError> {
        let request = self.client().delete_object().bucket(self.bucket()).key(key).send();
        match self.call("delete", "removing an object", request).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.is_absent() => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn client(&self) -> &Client {
        &self.inner.client
    }

    fn bucket(&self) -> &str {
        &self.inner.settings.bucket
    }

    /// The whole key of an object that is named below the prefix.
    fn key(&self, object: &str) -> String {
        format!("{}{object}", self.inner.settings.prefix)
    }

    /// Waits for a call and measures it.
    async fn call<T, E>(
        &self,
        operation: &'static str,
        what: &'static str,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let started = Instant::now();
        let answer = request.await;
        metrics::histogram!("bindery_storage_seconds", "operation" => operation)
            .record(started.elapsed());
        answer.map_err(|error| {
            let failure = Failure::of(what, &error);
            if !failure.is_expected() {
                metrics::counter!("bindery_storage_errors_total", "operation" => operation)
                    .increment(1);
            }
            failure
        })
    }
}
