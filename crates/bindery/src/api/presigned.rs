//! Presigned URLs made for an answer, each with one log line: who got a link to what, never the link.

use axum::extract::FromRef;
use bindery_blobs::{BlobKey, Overrides, S3, UploadKey};
use bindery_domain::{Timestamp, UploadId, VersionId};
use bindery_store::versions::VersionRow;

use crate::access::Caller;
use crate::actions;
use crate::api::ApiError;
use crate::app::App;
use crate::config::DirectOrProxied;
use crate::links::{DownloadLink, Picture, PreviewLink, UploadLink};
use crate::middleware::current;
use crate::transfer::disposition::content_disposition;
use crate::transfer::download::CACHE_CONTROL;
use crate::transfer::media_type::media_type;
use crate::transfer::{self, Transfer};

/// In seconds.
const HOUR: i64 = 3_600;

/// A URL and when it ends.
pub(crate) struct Presigned {
    /// The URL. A secret: it goes into the answer and nowhere else.
    pub(crate) url: String,
    /// When it ends.
    pub(crate) expires: Timestamp,
}

/// A URL of a version's bytes.
///
/// # Errors
/// When the storage should sign it and nobody has given it credentials.
pub(crate) async fn download(
    app: &App,
    caller: &Caller,
    version: &VersionRow,
) -> Result<Presigned, ApiError> {
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
    let url = match app.blobs.s3() {
        Some(s3) if app.config.transfer.download_access == DirectOrProxied::Direct => {
            let key = BlobKey { organization: link.organization, blob: version.blob.id };
            let disposition = content_disposition(&version.file_name);
            let overrides = Overrides {
                disposition: disposition.to_str().unwrap_or("attachment"),
                content_type: media_type(&version.file_name),
                cache_control: CACHE_CONTROL,
            };
            s3.presign_get(key, overrides, app.config.transfer.download_expiry).await?
        }
        _ => app.links.download_url(&link),
    };
    Ok(Presigned { url, expires })
}

/// When an upload that is made now ends, unless bytes come.
pub(crate) fn upload_ends(app: &App, now: Timestamp) -> Timestamp {
    let life = app.config.transfer.upload_expiry;
    let expires = whole_second(now, life);
    // Nobody sees when the bytes of a direct one come: they may begin until the URL ends, and be committed as long again.
    if direct_uploads(app).is_some() { whole_second(expires, life) } else { expires }
}

/// A URL of a version's small picture, once there is one.
pub(crate) fn thumbnail(app: &App, caller: &Caller, version: &VersionRow) -> Option<String> {
    let renderer = u32::try_from(version.thumbnail?).ok()?;
    Some(preview(app, caller, version.id, (renderer, Picture::Thumbnail)))
}

/// A URL of a picture of a version.
///
/// It ends with a full hour, so that the same client gets the same URL again within the hour: a browser then has the
/// picture already. Whoever asks just before the hour gets one that lives into the next.
pub(crate) fn preview(
    app: &App,
    caller: &Caller,
    version: VersionId,
    (renderer, picture): (u32, Picture),
) -> String {
    let least = whole_second(app.clock.now(), app.config.transfer.download_expiry).secs();
    let expires = least.saturating_add(HOUR - least.rem_euclid(HOUR));
    app.links.preview_url(&PreviewLink {
        organization: caller.organization_id(),
        version,
        client: caller.client_id().clone(),
        renderer,
        picture,
        expires: Timestamp(expires.saturating_mul(1_000_000)),
    })
}

/// A URL that takes the bytes of an upload.
///
/// # Errors
/// When the storage should sign it and nobody has given it credentials.
pub(crate) async fn upload(
    app: &App,
    caller: &Caller,
    upload: UploadId,
    now: Timestamp,
    limit_bytes: u64,
) -> Result<Presigned, ApiError> {
    let life = app.config.transfer.upload_expiry;
    let expires = whole_second(now, life);
    let link = upload_link(caller, upload, expires, limit_bytes);
    tracing::info!(
        event = "upload_link", client = %caller.client_id(), upload.id = %upload,
        address = current::client_address().map(tracing::field::display), "link for upload {upload}"
    );
    let url = match direct_uploads(app) {
        Some(s3) => {
            let key = UploadKey { organization: link.organization, upload };
            s3.presign_put(key, life).await?
        }
        None => app.links.upload_url(&link),
    };
    Ok(Presigned { url, expires })
}

/// Takes what a caller has put into the storage itself for an upload that is about to be committed.
///
/// # Errors
/// As [`transfer::take_direct`].
pub(crate) async fn take(app: &App, caller: &Caller, upload: UploadId) -> Result<(), ApiError> {
    let Some(s3) = direct_uploads(app) else { return Ok(()) };
    let limit_bytes = actions::upload_limit(app, caller.scope()).await?;
    let link = upload_link(caller, upload, app.clock.now(), limit_bytes);
    transfer::take_direct(&Transfer::from_ref(app), s3, *caller.scope(), link).await
}

/// The storage, where callers put into it themselves.
fn direct_uploads(app: &App) -> Option<&S3> {
    app.blobs.s3().filter(|_| app.config.transfer.upload_access == DirectOrProxied::Direct)
}

fn upload_link(
    caller: &Caller,
    upload: UploadId,
    expires: Timestamp,
    limit_bytes: u64,
) -> UploadLink {
    UploadLink {
        organization: caller.organization_id(),
        upload,
        client: caller.client_id().clone(),
        limit_bytes,
        expires,
    }
}

/// The URL says whole seconds, so the answer does, too.
fn whole_second(now: Timestamp, life: std::time::Duration) -> Timestamp {
    let secs = now.secs().saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
    Timestamp(secs.saturating_mul(1_000_000))
}
