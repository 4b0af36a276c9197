//! Where things lie. No other code joins paths of stored bytes.

use std::fmt;
use std::path::PathBuf;

use bindery_domain::{BlobId, OrganizationId, UploadId};

use crate::BlockId;

/// Names a blob: whose it is, and its id, which is never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobKey {
    /// The organization that owns the bytes.
    pub organization: OrganizationId,
    /// The blob.
    pub blob: BlobId,
}

/// Names the blocks of an unfinished upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadKey {
    /// The organization that owns the upload.
    pub organization: OrganizationId,
    /// The upload.
    pub upload: UploadId,
}

/// `<organization>/<blob>`, as in the database and on the command line.
impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.organization, self.blob)
    }
}

impl BlobKey {
    /// The folder below `blobs`: 256 of them for each organization, so that none grows too large to list.
    pub(crate) fn folder(&self) -> PathBuf {
        let blob = self.blob.to_string();
        PathBuf::from(self.organization.to_string()).join(&blob[..2])
    }

    /// The file below `blobs`.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder().join(self.blob.to_string())
    }

    /// The object below the prefix of an S3 storage.
    #[must_use]
    pub fn object(&self) -> String {
        self.to_string()
    }

    /// Reads what [`BlobKey::object`] wrote; `None` for any other object.
    pub(crate) fn from_object(object: &str) -> Option<Self> {
        let (organization, blob) = object.split_once('/')?;
        let key = Self { organization: organization.parse().ok()?, blob: blob.parse().ok()? };
        (key.object() == object).then_some(key)
    }

    /// Reads what [`BlobKey::path`] wrote; `None` for any other file.
    pub(crate) fn from_parts(parts: &[&str]) -> Option<Self> {
        let [organization, fan, blob] = parts else { return None };
        let key = Self { organization: organization.parse().ok()?, blob: blob.parse().ok()? };
        // Only the one spelling that we write is ours: another would be listed under a key that does not open it.
        let ours = key.organization.to_string() == *organization && key.blob.to_string() == *blob;
        (ours && blob.starts_with(fan) && fan.len() == 2).then_some(key)
    }
}

impl UploadKey {
    /// The folder below `blocks`.
    pub(crate) fn folder(&self) -> PathBuf {
        PathBuf::from(self.organization.to_string()).join(self.upload.to_string())
    }

    /// What the objects of the upload begin with, below the prefix of an S3 storage.
    pub(crate) fn objects(&self) -> String {
        format!("uploads/{}/{}/", self.organization, self.upload)
    }

    /// What a caller puts into an S3 storage itself.
    pub(crate) fn file_object(&self) -> String {
        format!("{}file", self.objects())
    }

    /// What the blocks begin with.
    pub(crate) fn block_objects(&self) -> String {
        format!("{}blocks/", self.objects())
    }

    /// A block.
    pub(crate) fn block_object(&self, id: &BlockId) -> String {
        format!("{}{}", self.block_objects(), id.object_name())
    }

    /// Reads the start of a path that begins with [`UploadKey::folder`].
    pub(crate) fn from_parts(parts: &[&str]) -> Option<Self> {
        let [organization, upload, ..] = parts else { return None };
        Some(Self { organization: organization.parse().ok()?, upload: upload.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_path() {
        let key = BlobKey { organization: OrganizationId::random(), blob: BlobId::random() };
        let path = key.path();
        let parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
        assert_eq!(BlobKey::from_parts(&parts), Some(key));
    }

    #[test]
    fn a_key_is_read_back_from_its_object() {
        let key = BlobKey { organization: OrganizationId::random(), blob: BlobId::random() };
        assert_eq!(BlobKey::from_object(&key.object()), Some(key));
        assert_eq!(BlobKey::from_object(&key.object().to_uppercase()), None);
        assert_eq!(BlobKey::from_object(&format!("{}/more", key.object())), None);
    }

    #[test]
    fn a_file_in_the_wrong_folder_is_no_blob() {
        let key = BlobKey { organization: OrganizationId::random(), blob: BlobId::random() };
        let (organization, blob) = (key.organization.to_string(), key.blob.to_string());
        assert_eq!(BlobKey::from_parts(&[&organization, "zz", &blob]), None);
        assert_eq!(BlobKey::from_parts(&[&organization, &blob[..2], &blob.to_uppercase()]), None);
        assert_eq!(BlobKey::from_parts(&[&organization, &blob]), None);
    }
}
