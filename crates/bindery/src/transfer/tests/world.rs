//! A server of presigned URLs for one test.

use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, put};
use bindery_blobs::{BlobKey, Blobs, Expected, S3Credentials, S3Settings};
use bindery_domain::{
    BlobId, DocumentId, FileName, FolderId, ObjectName, OrganizationId, Scope, Timestamp, UploadId,
    VersionId,
};
use bindery_store::binders::NewBinder;
use bindery_store::blobs::NewBlob;
use bindery_store::documents::{Latest, NewDocument};
use bindery_store::folders::{NewFolder, Place};
use bindery_store::organizations::NewOrganization;
use bindery_store::uploads::{NewUpload, UploadRow};
use bindery_store::versions::NewVersion;
use bindery_store::{
    Store, StoreError, StoreSettings, binders, blobs, documents, folders, migrate, organizations,
    uploads, versions,
};
use bindery_testkit::{S3Place, S3Server};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::access::RateLimits;
use crate::clock::Clock;
use crate::config::LimitsConfig;
use crate::links::{DownloadLink, Links, UploadLink};
use crate::transfer::{DOWNLOAD_PATH, Transfer, TransferLimits, UPLOAD_PATH, download, upload};

pub(crate) const NOW: Timestamp = Timestamp(1_769_847_330_250_000);

pub(crate) struct World {
    pub(crate) transfer: Transfer,
    pub(crate) organization: OrganizationId,
    pub(crate) scope: Scope,
    pub(crate) http: reqwest::Client,
    folder: TempDir,
    bucket: Option<S3Place>,
}

const USUAL: TransferLimits = TransferLimits {
    max_upload_bytes: 4 << 20,
    min_free_bytes: 0,
    upload_expiry: Duration::from_secs(3_600),
};

fn settings_of(place: &S3Place) -> S3Settings {
    let (key, secret) = (place.key.clone(), place.secret.clone());
    S3Settings {
        bucket: place.bucket.clone(),
        endpoint: Some(place.endpoint.clone()),
        region: Some("us-east-1".to_owned()),
        path_style: true,
        credentials: Some(S3Credentials { key, secret }),
        ..S3Settings::default()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(USUAL).await
    }

    pub(crate) async fn with(limits: TransferLimits) -> Self {
        Self::made(limits, None).await
    }

    /// The same with its bytes in a bucket of an S3 storage.
    pub(crate) async fn in_s3() -> Self {
        Self::made(USUAL, Some(S3Server::shared().new_place())).await
    }

    async fn made(limits: TransferLimits, bucket: Option<S3Place>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = StoreSettings::Embedded { file: folder.path().join("bindery.db") };
        let store = Store::open(&settings).await.unwrap();
        migrate::migrate(&store).await.unwrap();
        let blobs = match &bucket {
            None => Blobs::open(&folder.path().join("blobs")).unwrap(),
            Some(place) => Blobs::connect(&settings_of(place)).await.unwrap(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let links = Links::load(&store, &url).await.unwrap();
        let organization = OrganizationId::random();
        let key = store
            .write(move |tx| async move {
                let name = ObjectName::parse("Fastighets AB").unwrap();
                organizations::insert(
                    &tx,
                    &NewOrganization { id: organization, name, created: NOW },
                )
                .await
            })
            .await
            .unwrap();
        let clock = Clock::fixed(NOW);
        let rate_limits = RateLimits::new(LimitsConfig::default().rate_limit);
        let bell = crate::previews::Bell::default();
        let transfer = Transfer { store, blobs, links, clock, limits, rate_limits, bell };
        let router = Router::new()
            .route(UPLOAD_PATH, put(upload::put_upload))
            .route(DOWNLOAD_PATH, get(download::get_download))
            .with_state(transfer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            transfer,
            organization,
            scope: Scope::own(key),
            http: reqwest::Client::new(),
            folder,
            bucket,
        }
    }

    /// Opens an upload; returns its id and its URL.
    pub(crate) async fn presign(&self) -> (UploadId, String) {
        let (scope, id, expires) = (self.scope, UploadId::random(), NOW.plus_secs(3_600));
        let client = "erp-sync".parse().unwrap();
        let new = NewUpload { id, client, created: NOW, expires };
        let open = new.clone();
        let write = move |tx| {
            let open = open.clone();
            async move { uploads::open(&tx, &scope, &open).await }
        };
        self.transfer.store.write(write).await.unwrap();
        let limit_bytes = self.transfer.limits.max_upload_bytes;
        let link = UploadLink {
            organization: self.organization,
            upload: id,
            client: new.client,
            limit_bytes,
            expires,
        };
        (id, self.transfer.links.upload_url(&link))
    }

    pub(crate) async fn upload(&self, id: UploadId) -> UploadRow {
        uploads::find(&self.transfer.store, &self.scope, id).await.unwrap().unwrap()
    }

    /// The bytes that an upload has received.
    pub(crate) async fn received(&self, id: UploadId) -> Vec<u8> {
        let bytes = self.upload(id).await.bytes.unwrap();
        let key = BlobKey { organization: self.organization, blob: bytes.blob };
        let reader = self.transfer.blobs.open_read(key).await.unwrap();
        reader.read_at(0, usize::try_from(reader.size()).unwrap()).await.unwrap().to_vec()
    }

    /// How many files lie in the storage.
    pub(crate) async fn files(&self) -> usize {
        self.transfer.blobs.list().all().await.unwrap().len()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The folder below which files lie under the names that a listing has.
    pub(crate) fn stored(&self) -> PathBuf {
        match &self.bucket {
            None => self.folder.path().join("blobs"),
            Some(place) => S3Server::shared().folder_of(place),
        }
    }

    pub(crate) async fn put(
        &self,
        url: &str,
        bytes: impl Into<reqwest::Body>,
    ) -> reqwest::Response {
        self.http.put(url).body(bytes).send().await.unwrap()
    }

    /// Stores a version; returns the URL of its bytes.
    pub(crate) async fn version(&self, file_name: &str, bytes: &[u8]) -> String {
        let (scope, blob, version) = (self.scope, BlobId::random(), VersionId::random());
        let key = BlobKey { organization: self.organization, blob };
        let any = Expected { limit: u64::MAX, md5: None };
        let mut writer = self.transfer.blobs.begin(key, any).await.unwrap();
        writer.write(bytes).await.unwrap();
        let stored = writer.finish().await.unwrap();
        let name = FileName::parse(file_name).unwrap();
        let write = move |tx| {
            let name = name.clone();
            async move {
                let tx = &tx;
                let title = || ObjectName::parse("Kvarnen").unwrap();
                let id: bindery_domain::BinderId =
                    uuid::Uuid::new_v4().simple().to_string()[..9].parse().unwrap();
                let binder =
                    NewBinder { id, name: title(), binder_type: "project".into(), created: NOW };
                let binder_key = binders::insert(tx, &scope, &binder).await?;
                let place = Place::Tab("documents".into());
                let folder = NewFolder {
                    id: FolderId::random(),
                    binder_key,
                    place,
                    name: title(),
                    created: NOW,
                };
                let tab_key = folders::insert(tx, &scope, &folder).await?;
                let id = DocumentId::random();
                let document = NewDocument {
                    id,
                    binder_key,
                    tab_key,
                    folder_key: tab_key,
                    created: NOW,
                    name: &name,
                    created_by: "erp-sync",
                };
                let document_key = documents::insert(tx, &scope, &document).await?;
                let size = i64::try_from(stored.size).unwrap();
                let blob = NewBlob { id: blob, size, sha256: stored.sha256, created: NOW };
                let blob_key = blobs::insert(tx, &scope, &blob).await?;
                let new = NewVersion {
                    id: version,
                    document_key,
                    number: 1,
                    blob_key,
                    file_name: name.as_str(),
                    label: "1",
                    metadata: "[]",
                    created: NOW,
                    created_by: "erp-sync",
                };
                let version_key = versions::insert(tx, &scope, &new).await?;
                let latest = Latest {
                    version_key,
                    version_id: version,
                    number: 1,
                    label: "1",
                    greatest_label: 1,
                    metadata: "[]",
                    modified: NOW,
                };
                documents::set_latest(tx, &scope, document_key, &latest).await?;
                Ok::<_, StoreError>(())
            }
        };
        self.transfer.store.write(write).await.unwrap();
        let link = DownloadLink {
            organization: self.organization,
            version,
            client: "erp-sync".parse().unwrap(),
            file_name: file_name.to_owned(),
            expires: NOW.plus_secs(300),
        };
        self.transfer.links.download_url(&link)
    }
}
