//! What lies in the storage.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::primitives::DateTime;
use tokio::sync::mpsc;

use super::S3;
use crate::{BlobError, BlobKey, Found, FoundKind, UploadKey};

/// A multipart upload that began before this is judged by its last part.
const LONG_AGO: Duration = Duration::from_secs(600);

/// Objects, and where the next ones begin.
pub(super) struct Page {
    pub(super) objects: Vec<Listed>,
    pub(super) next: Option<String>,
}

/// An object.
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) size: u64,
    modified: SystemTime,
}

impl S3 {
    /// Sends everything below the prefix, then the multipart uploads that are not complete.
    pub(crate) async fn list(self, found: mpsc::Sender<Result<Found, BlobError>>) {
        if let Err(error) = self.list_all(&found).await {
            _ = found.send(Err(error)).await;
        }
    }

    pub(crate) async fn set_aside(&self, found: &Found) -> Result<Option<PathBuf>, BlobError> {
        if found.multipart.is_some() {
            return Ok(None);
        }
        let from = found.path.to_string_lossy();
        let to = format!("aside/{from}");
        self.copy_object(&self.key(&from), &self.key(&to), found.size, None).await?;
        self.delete(&self.key(&from)).await?;
        Ok(Some(PathBuf::from(to)))
    }

    pub(crate) async fn remove_found(&self, found: &Found) -> Result<bool, BlobError> {
        let key = self.key(&found.path.to_string_lossy());
        match &found.multipart {
            None => self.delete(&key).await.map(|()| true),
            Some(id) => match self.try_abort(&key, id).await {
                Ok(()) => Ok(true),
                Err(failure) if failure.is_absent() => Ok(false),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// The next thousand objects of a prefix.
    pub(super) async fn page(
        &self,
        prefix: &str,
        after: Option<String>,
    ) -> Result<Page, BlobError> {
        let request = self.client().list_objects_v2().bucket(self.bucket()).prefix(prefix);
        let request = request.set_continuation_token(after).send();
        let page = self.call("list", "listing objects", request).await?;
        let next = page.next_continuation_token().map(str::to_owned);
        let objects = page.contents.unwrap_or_default().into_iter().filter_map(|object| {
            Some(Listed {
                size: u64::try_from(object.size().unwrap_or_default()).unwrap_or_default(),
                modified: time(object.last_modified()),
                key: object.key?,
            })
        });
        let objects = objects.collect();
        Ok(Page { objects, next: next.filter(|_| page.is_truncated == Some(true)) })
    }

    async fn list_all(
        &self,
        found: &mpsc::Sender<Result<Found, BlobError>>,
    ) -> Result<(), BlobError> {
        let mut after = None;
        loop {
            let page = self.page(&self.key(""), after).await?;
            for object in page.objects {
                let Some(path) = object.key.strip_prefix(&self.key("")) else { continue };
                let Some(kind) = kind(path) else { continue };
                let (size, modified) = (object.size, object.modified);
                let one =
                    Found { kind, path: PathBuf::from(path), size, modified, multipart: None };
                if found.send(Ok(one)).await.is_err() {
                    return Ok(());
                }
            }
            after = page.next;
            if after.is_none() {
                return self.list_multiparts(found).await;
            }
        }
    }

    async fn list_multiparts(
        &self,
        found: &mpsc::Sender<Result<Found, BlobError>>,
    ) -> Result<(), BlobError> {
        let (mut key_marker, mut id_marker) = (None, None);
        loop {
            let request = self.client().list_multipart_uploads().bucket(self.bucket());
            let request = request.prefix(self.key("")).set_key_marker(key_marker);
            let request = request.set_upload_id_marker(id_marker).send();
            let page = match self.call("list", "listing multipart uploads", request).await {
                Ok(page) => page,
                // Then its own lifecycle rule is all that ends them.
                Err(failure) if failure.is_unknown_call() => return Ok(()),
                Err(failure) => return Err(failure.into()),
            };
            for upload in page.uploads() {
                let (Some(key), Some(id)) = (upload.key(), upload.upload_id()) else { continue };
                let Some(path) = key.strip_prefix(&self.key("")) else { continue };
                let one = Found {
                    kind: FoundKind::Incoming,
                    path: PathBuf::from(path),
                    size: 0,
                    modified: self.last_part(key, id, time(upload.initiated())).await?,
                    multipart: Some(id.to_owned()),
                };
                if found.send(Ok(one)).await.is_err() {
                    return Ok(());
                }
            }
            key_marker = page.next_key_marker().map(str::to_owned);
            id_marker = page.next_upload_id_marker().map(str::to_owned);
            if page.is_truncated() != Some(true) || key_marker.is_none() {
                return Ok(());
            }
        }
    }

    /// When the last part came: an upload from a slow sender is alive although it began long ago.
    async fn last_part(
        &self,
        key: &str,
        id: &str,
        begun: SystemTime,
    ) -> Result<SystemTime, BlobError> {
        if begun.elapsed().is_ok_and(|age| age < LONG_AGO) {
            return Ok(begun);
        }
        let (mut last, mut marker) = (begun, None);
        loop {
            let request = self.client().list_parts().bucket(self.bucket()).key(key).upload_id(id);
            let request = request.set_part_number_marker(marker).send();
            let page = match self.call("list", "listing parts", request).await {
                Ok(page) => page,
                // It ended meanwhile.
                Err(failure) if failure.is_absent() => return Ok(SystemTime::now()),
                Err(failure) => return Err(failure.into()),
            };
            let times = page.parts().iter().map(|part| time(part.last_modified()));
            last = times.fold(last, SystemTime::max);
            marker = page.next_part_number_marker().map(str::to_owned);
            if page.is_truncated() != Some(true) || marker.is_none() {
                return Ok(last);
            }
        }
    }
}

/// What an object is by its name below the prefix; `None` for the storage's own and what was moved aside.
fn kind(path: &str) -> Option<FoundKind> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["aside" | "probe", _, ..] => None,
        ["uploads", rest @ ..] if rest.len() >= 3 => {
            Some(UploadKey::from_parts(rest).map_or(FoundKind::Foreign, FoundKind::Block))
        }
        _ => Some(BlobKey::from_object(path).map_or(FoundKind::Foreign, FoundKind::Blob)),
    }
}

/// A time that the storage does not say is now: nothing is removed for it.
fn time(time: Option<&DateTime>) -> SystemTime {
    time.and_then(|time| SystemTime::try_from(*time).ok()).unwrap_or_else(SystemTime::now)
}
