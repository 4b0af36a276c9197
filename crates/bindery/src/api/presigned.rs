//! Presigned URLs made for an answer, each with one log line: who got a link to what, never the link.

use bindery_domain::{Timestamp, UploadId};
use bindery_store::versions::VersionRow;

use crate::access::Caller;
use crate::app::App;
use crate::links::{DownloadLink, UploadLink};
use crate::middleware::current;

/// A URL and when it ends.
pub(crate) struct Presigned {
    /// The URL. A secret: it goes into the answer and nowhere else.
    pub(crate) url: String,
    /// When it ends.
    pub(crate) expires: Timestamp,
}

/// A URL of a version's bytes.
pub(crate) fn download(app: &App, caller: &Caller, version: &VersionRow) -> Presigned {
    let expires = whole_second(app.clock.now(), app.config.transfer.download_expiry);
    let link = DownloadLink {
        organization: caller.organization_id(),
        version: version.id,
        client: caller.client_id().clone(),
        file_name: version.file_name.clone(),
        expires,
    };
    tracing::info!(
        event = "download_link", client = %caller.client_id(), version.id = %version.id, bytes = version.blob.size,
        address = current::client_address().map(tracing::field::display), "link to version {}", version.id
    );
    Presigned { url: app.links.download_url(&link), expires }
}

/// Until when the PUT of an upload that is made now must begin.
pub(crate) fn upload_expires(app: &App, now: Timestamp) -> Timestamp {
    whole_second(now, app.config.transfer.upload_expiry)
}

/// A URL that takes the bytes of an upload.
pub(crate) fn upload(
    app: &App,
    caller: &Caller,
    upload: UploadId,
    expires: Timestamp,
    limit_bytes: u64,
) -> Presigned {
    let link = UploadLink {
        organization: caller.organization_id(),
        upload,
        client: caller.client_id().clone(),
        limit_bytes,
        expires,
    };
    tracing::info!(
        event = "upload_link", client = %caller.client_id(), upload.id = %upload,
        address = current::client_address().map(tracing::field::display), "link for upload {upload}"
    );
    Presigned { url: app.links.upload_url(&link), expires }
}

/// The URL says whole seconds, so the answer does, too.
fn whole_second(now: Timestamp, life: std::time::Duration) -> Timestamp {
    let secs = now.secs().saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
    Timestamp(secs.saturating_mul(1_000_000))
}
