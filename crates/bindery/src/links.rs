//! Presigned URLs: whoever holds one may put or get one thing until it expires.
//!
//! The URL says all it allows, and the server signs that: HMAC-SHA-256 under a key that only the database holds.
//! The parameters have the names of a shared access signature, since Azure's libraries keep only those, and the
//! path has at least three segments, as those libraries want. What does not fit a name stands in the path:
//!
//! - `PUT /storage/{organization}/uploads/{most bytes}/{upload}?sv=1&sr=b&sp=cw&si=…&se=…&sig=…`
//! - `GET /storage/{organization}/versions/{version}/{file name}?sv=1&sr=b&sp=r&si=…&se=…&sig=…`
//! - `GET /storage/{organization}/previews/{version}/{renderer}-{picture}?sv=1&sr=b&sp=r&si=…&se=…&sig=…`
//!
//! `si` is the client that asked for the URL, `se` the time until which it works.

mod parse;
mod preview;

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bindery_domain::{ClientId, OrganizationId, Refusal, Timestamp, UploadId, VersionId};
use bindery_store::{Store, StoreError, server_values};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use parse::{parameter, parse_download, parse_upload};
pub use preview::{Picture, PreviewLink, parse_preview};

/// The name of the signing key among the server's values; it has [`KEY_BYTES`] random bytes.
pub const KEY_NAME: &str = "link_key";

/// The length of the signing key.
pub const KEY_BYTES: usize = 32;

/// What the path of every presigned URL begins with.
pub const PREFIX: &str = "/storage/";

const EXPIRED: &str = "it has expired";
const ALTERED: &str = "it is incomplete or was altered";

/// All but the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Makes and checks presigned URLs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Links(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: hmac::Key,
    base: String,
}

/// Allows to put the bytes of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadLink {
    /// Whose upload it is.
    pub organization: OrganizationId,
    /// The upload.
    pub upload: UploadId,
    /// The client that asked for it.
    pub client: ClientId,
    /// The most bytes that are taken.
    pub limit_bytes: u64,
    /// The PUT must begin before; whole seconds count.
    pub expires: Timestamp,
}

/// Allows to get the bytes of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    /// Whose version it is.
    pub organization: OrganizationId,
    /// The version.
    pub version: VersionId,
    /// The client that asked for it.
    pub client: ClientId,
    /// The name that the path ends with.
    pub file_name: String,
    /// The GET must begin before; whole seconds count.
    pub expires: Timestamp,
}

/// What a request to a presigned URL claims, and the signature that must prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    /// Nothing is true of it before [`Links`] has checked it.
    claim: T,
    signature: Vec<u8>,
}

impl Links {
    /// Takes the signing key and what the URLs begin with: the storage's public URL, or the server's.
    #[must_use]
    pub fn new(key: &[u8], public_url: &str) -> Self {
        let base = public_url.trim_end_matches('/').to_owned();
        Self(Arc::new(Inner { key: hmac::Key::new(hmac::HMAC_SHA256, key), base }))
    }

    /// Reads the signing key from the database, and makes one where there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(store: &Store, public_url: &str) -> Result<Self, StoreError> {
        let mut fresh = [0; KEY_BYTES];
        aws_lc_rs::rand::fill(&mut fresh)
            .map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
        let key = store
            .write(
                move |tx| async move { server_values::find_or_insert(&tx, KEY_NAME, &fresh).await },
            )
            .await?;
        Ok(Self::new(&key, public_url))
    }

    /// Makes the URL of an upload.
    #[must_use]
    pub fn upload_url(&self, link: &UploadLink) -> String {
        let UploadLink { organization, upload, limit_bytes, .. } = link;
        let path = format!("{organization}/uploads/{limit_bytes}/{upload}");
        self.url(&path, "cw", &link.client, link.expires, &link.message())
    }

    /// Makes the URL of a download.
    #[must_use]
    pub fn download_url(&self, link: &DownloadLink) -> String {
        let name = utf8_percent_encode(&link.file_name, SEGMENT);
        let path = format!("{}/versions/{}/{name}", link.organization, link.version);
        self.url(&path, "r", &link.client, link.expires, &link.message())
    }

    /// Checks a request to the URL of an upload: its path and its query as they came, and the present time.
    ///
    /// # Errors
    /// [`Refusal::BadLink`] when it was altered or has expired.
    pub fn check_upload(
        &self,
        path: &str,
        query: &str,
        now: Timestamp,
    ) -> Result<UploadLink, Refusal> {
        let signed = parse_upload(path, query).ok_or(Refusal::BadLink(ALTERED))?;
        self.check(&signed.claim.message(), &signed.signature, signed.claim.expires, now)?;
        Ok(signed.claim)
    }

    /// Checks a request to the URL of a download: its path and its query as they came, and the present time.
    ///
    /// # Errors
    /// [`Refusal::BadLink`] when it was altered or has expired.
    pub fn check_download(
        &self,
        path: &str,
        query: &str,
        now: Timestamp,
    ) -> Result<DownloadLink, Refusal> {
        let signed = parse_download(path, query).ok_or(Refusal::BadLink(ALTERED))?;
        self.check(&signed.claim.message(), &signed.signature, signed.claim.expires, now)?;
        Ok(signed.claim)
    }

    fn url(
        &self,
        path: &str,
        allowed: &str,
        client: &ClientId,
        expires: Timestamp,
        message: &Message,
    ) -> String {
        let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.0.key, &message.0));
        let client = utf8_percent_encode(client.as_str(), SEGMENT);
        let expires = parse::whole_second(expires);
        format!(
            "{}{PREFIX}{path}?sv=1&sr=b&sp={allowed}&si={client}&se={expires}&sig={signature}",
            self.0.base
        )
    }

    /// Compares in constant time; an expired URL says so only to whoever had a true one.
    fn check(
        &self,
        message: &Message,
        signature: &[u8],
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        hmac::verify(&self.0.key, &message.0, signature).map_err(|_| Refusal::BadLink(ALTERED))?;
        if now.secs() >= expires.secs() { Err(Refusal::BadLink(EXPIRED)) } else { Ok(()) }
    }
}

/// What is signed: the kind and every fact, each after its length, so that no two claims read the same.
struct Message(Vec<u8>);

impl Message {
    fn new(kind: &str, expires: Timestamp) -> Self {
        Self(Vec::with_capacity(160)).with(kind.as_bytes()).with(&expires.secs().to_be_bytes())
    }

    fn with(mut self, fact: &[u8]) -> Self {
        self.0.extend((fact.len() as u64).to_be_bytes());
        self.0.extend(fact);
        self
    }
}

impl UploadLink {
    fn message(&self) -> Message {
        let message = Message::new("PUT upload", self.expires);
        let message = message.with(&self.organization.bytes()).with(&self.upload.bytes());
        message.with(self.client.as_str().as_bytes()).with(&self.limit_bytes.to_be_bytes())
    }
}

impl DownloadLink {
    fn message(&self) -> Message {
        let message = Message::new("GET version", self.expires);
        let message = message.with(&self.organization.bytes()).with(&self.version.bytes());
        message.with(self.client.as_str().as_bytes()).with(self.file_name.as_bytes())
    }
}

#[cfg(test)]
mod tests;
