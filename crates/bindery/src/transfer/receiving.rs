//! The lease that a PUT has on its upload while the bytes come.

use std::time::Duration;

use bindery_blobs::Stored;
use bindery_domain::{BlobId, Scope, Timestamp, UploadId};
use bindery_store::StoreError;
use bindery_store::uploads::{self, Begin, Lease, ReceivedBytes};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::Transfer;
use super::target::{DONE, GONE, RUNNING, Target};
use crate::api::ApiError;
use crate::clock::SKEW_SECS;

/// How long a PUT holds its upload without renewing that, also in the eyes of a node that is ahead.
pub(crate) const LEASE_SECS: i64 = 30 + SKEW_SECS;
const RENEWAL: Duration = Duration::from_secs(20);

/// So long a PUT waits for another on the same URL: a retry may overtake the news that the first was broken off.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(50);

/// The right of one PUT to its upload. Dropping it gives the upload back.
pub(super) struct Receiving {
    transfer: Transfer,
    scope: Scope,
    upload: UploadId,
    token: [u8; 16],
    renewal: AbortHandle,
    is_over: bool,
}

impl Receiving {
    /// Takes the upload.
    pub(super) async fn begin(transfer: &Transfer, target: &Target) -> Result<Self, ApiError> {
        let (scope, upload, token) =
            (target.scope, target.link.upload, Uuid::new_v4().into_bytes());
        let patience = Instant::now() + PATIENCE;
        loop {
            let now = transfer.clock.now();
            let lease = lease(token, now);
            let write = move |tx| async move {
                uploads::begin_receiving(&tx, &scope, upload, now, lease).await
            };
            match transfer.store.write(write).await? {
                Begin::Begun => break,
                Begin::Running if Instant::now() < patience => sleep(PAUSE).await,
                Begin::Running => return Err(RUNNING.into()),
                Begin::Done => return Err(DONE.into()),
                Begin::Gone => return Err(GONE.into()),
            }
        }
        let renewal = tokio::spawn(renew(transfer.clone(), scope, upload, token)).abort_handle();
        Ok(Self { transfer: transfer.clone(), scope, upload, token, renewal, is_over: false })
    }

    /// Records the bytes, which must be durable. False when the lease was lost: the bytes are nobody's then.
    pub(super) async fn received(mut self, blob: BlobId, stored: Stored) -> Result<bool, ApiError> {
        let size = i64::try_from(stored.size).map_err(anyhow::Error::from)?;
        let bytes = ReceivedBytes { blob, size, sha256: stored.sha256 };
        let (scope, upload, token) = (self.scope, self.upload, self.token);
        let until = self.transfer.commit_deadline();
        let write = move |tx| async move {
            uploads::received(&tx, &scope, upload, token, &bytes, until).await
        };
        let is_ours = self.transfer.store.write(write).await?;
        self.is_over = true;
        Ok(is_ours)
    }

    /// Gives the upload back before the answer is sent, so that a retry finds it open.
    pub(super) async fn give_back(mut self) {
        self.is_over = true;
        reopen(&self.transfer, self.scope, self.upload, self.token).await;
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.renewal.abort();
        // The connection broke and took the handler with it. Without a runtime the program is ending.
        if !self.is_over
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (transfer, scope, upload, token) =
                (self.transfer.clone(), self.scope, self.upload, self.token);
            runtime.spawn(async move { reopen(&transfer, scope, upload, token).await });
        }
    }
}

fn lease(token: [u8; 16], now: Timestamp) -> Lease {
    Lease { token, until: now.plus_secs(LEASE_SECS) }
}

async fn renew(transfer: Transfer, scope: Scope, upload: UploadId, token: [u8; 16]) {
    loop {
        sleep(RENEWAL).await;
        let lease = lease(token, transfer.clock.now());
        let write =
            move |tx| async move { uploads::extend_lease(&tx, &scope, upload, lease).await };
        match transfer.store.write(write).await {
            Ok(true) => {}
            Ok(false) => return,
            Err::<_, StoreError>(error) => {
                tracing::warn!(%error, "the lease of an upload was not renewed")
            }
        }
    }
}

async fn reopen(transfer: &Transfer, scope: Scope, upload: UploadId, token: [u8; 16]) {
    let write = move |tx| async move { uploads::reopen(&tx, &scope, upload, token).await };
    if let Err::<_, StoreError>(error) = transfer.store.write(write).await {
        tracing::warn!(%error, "upload {upload} stays closed until its lease ends");
    }
}
