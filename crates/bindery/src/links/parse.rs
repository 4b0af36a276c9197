//! Reading a presigned URL: from a path and a query to a claim, without any trust.

use std::fmt::{self, Display};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bindery_domain::Timestamp;
use percent_encoding::percent_decode_str;

use super::{DownloadLink, PREFIX, Signed, UploadLink};

/// Reads a request to the URL of an upload; `None` when it cannot be one of ours.
#[must_use]
pub fn parse_upload(path: &str, query: &str) -> Option<Signed<UploadLink>> {
    let [organization, kind, limit_bytes, upload] = segments(path)?;
    let parameters = Parameters::parse(query)?;
    if kind != "uploads" || !parameters.is_of("cw") || !is_plain_number(&limit_bytes) {
        return None;
    }
    let claim = UploadLink {
        organization: organization.parse().ok()?,
        upload: upload.parse().ok()?,
        client: parameters.client.parse().ok()?,
        limit_bytes: limit_bytes.parse().ok()?,
        expires: parameters.expires,
    };
    Some(Signed { claim, signature: parameters.signature })
}

/// Reads a request to the URL of a download; `None` when it cannot be one of ours.
#[must_use]
pub fn parse_download(path: &str, query: &str) -> Option<Signed<DownloadLink>> {
    let [organization, kind, version, file_name] = segments(path)?;
    let parameters = Parameters::parse(query)?;
    if kind != "versions" || !parameters.is_of("r") {
        return None;
    }
    let claim = DownloadLink {
        organization: organization.parse().ok()?,
        version: version.parse().ok()?,
        client: parameters.client.parse().ok()?,
        file_name,
        expires: parameters.expires,
    };
    Some(Signed { claim, signature: parameters.signature })
}

/// The decoded value of a query parameter; `None` when it is absent, given twice, or no text.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut values = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then_some(value)
    });
    let value = values.next()?;
    if values.next().is_some() { None } else { decoded(value) }
}

/// Writes a time as shared access signatures do: `2026-01-31T08:15:30Z`.
pub(super) fn whole_second(time: Timestamp) -> impl Display {
    fmt::from_fn(move |f| {
        let time = jiff::Timestamp::from_second(time.secs()).map_err(|_| fmt::Error)?;
        write!(f, "{time:.0}")
    })
}

/// What all presigned URLs have in their query; further parameters are others' business.
pub(super) struct Parameters {
    version: String,
    resource: String,
    allowed: String,
    pub(super) client: String,
    pub(super) expires: Timestamp,
    pub(super) signature: Vec<u8>,
}

impl Parameters {
    pub(super) fn parse(query: &str) -> Option<Self> {
        let expires: jiff::Timestamp = parameter(query, "se")?.parse().ok()?;
        Some(Self {
            version: parameter(query, "sv")?,
            resource: parameter(query, "sr")?,
            allowed: parameter(query, "sp")?,
            client: parameter(query, "si")?,
            expires: Timestamp(expires.as_second().checked_mul(1_000_000)?),
            signature: BASE64_URL_SAFE_NO_PAD.decode(parameter(query, "sig")?).ok()?,
        })
    }

    pub(super) fn is_of(&self, allowed: &str) -> bool {
        self.version == "1" && self.resource == "b" && self.allowed == allowed
    }
}

/// The four segments after the prefix, decoded.
pub(super) fn segments(path: &str) -> Option<[String; 4]> {
    let rest = path.strip_prefix(PREFIX)?;
    let segments: Option<Vec<String>> = rest.split('/').map(decoded).collect();
    segments?.try_into().ok()
}

fn decoded(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// One spelling for one number: no sign, no zeros in front.
pub(super) fn is_plain_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}
