//! From received bytes to a version.

use bindery_domain::{ClientId, Scope, Timestamp, UploadId};

use super::{ReceivedBytes, UploadState};
use crate::{Query, Sql, StoreError, Tx, params};

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "select upload, state, expires, blob, size, sha256, request, version from upload ",
            "where org = $1 and id = $2 and client = $3 ",
            $lock
        )
    };
}
pub(crate) const CLAIM: Sql = Sql::Each {
    sqlite: std::borrow::Cow::Borrowed(claim!("")),
    postgres: std::borrow::Cow::Borrowed(claim!("for update")),
};
pub(crate) const COMMIT: &str = "update upload set state = 'committed', request = $4, version = $5 \
    where org = $1 and upload = $2 and state = 'received' and expires > $3 returning upload";

/// What a commit finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// No such upload, another client's, or too late.
    Gone,
    /// The bytes have not come yet; the upload stays usable.
    NotReceived,
    /// The bytes are there; the row is locked for this transaction.
    Ready {
        /// Internal key of the upload.
        key: i64,
        /// What was received.
        bytes: ReceivedBytes,
    },
    /// It was committed before.
    Committed {
        /// SHA-256 of that commit's request.
        request: [u8; 32],
        /// Internal key of the version that it made.
        version_key: i64,
    },
}

/// Finds an upload for its commit and locks it until the end of the transaction.
pub async fn claim(
    tx: &Tx,
    scope: &Scope,
    id: UploadId,
    client: &ClientId,
    now: Timestamp,
) -> Result<Claim, StoreError> {
    let row = tx.query_opt(CLAIM, params![scope.owner(), id, client]).await?;
    let Some(mut row) = row else { return Ok(Claim::Gone) };
    let expires: Timestamp = row.take(2)?;
    Ok(match UploadState::parse(&row.take::<String>(1)?)? {
        UploadState::Committed => {
            Claim::Committed { request: row.take(6)?, version_key: row.take(7)? }
        }
        // A PUT that began in time may run as long as it needs.
        UploadState::Receiving => Claim::NotReceived,
        UploadState::Open if expires > now => Claim::NotReceived,
        UploadState::Received if expires > now => {
            let (blob, size, sha256) = (row.take(3)?, row.take(4)?, row.take(5)?);
            Claim::Ready { key: row.take(0)?, bytes: ReceivedBytes { blob, size, sha256 } }
        }
        UploadState::Open | UploadState::Received | UploadState::Expired => Claim::Gone,
    })
}

/// Notes what the upload has become and by which request (the SHA-256 of what it said); false when it is not
/// [`Claim::Ready`] any more.
pub async fn commit(
    tx: &Tx,
    scope: &Scope,
    key: i64,
    now: Timestamp,
    request: &[u8; 32],
    version_key: i64,
) -> Result<bool, StoreError> {
    let values = params![scope.owner(), key, now, *request, version_key];
    Ok(tx.query_opt(COMMIT, values).await?.is_some())
}
