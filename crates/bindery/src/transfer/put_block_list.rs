//! Putting the blocks of a file together.

use axum::response::Response;
use bindery_domain::{BlobId, FieldErrors};
use http::request::Parts;

use super::block_list::{MAX_LIST_BYTES, parse_block_list};
use super::incoming::Incoming;
use super::receiving::Receiving;
use super::target::{Target, announced_md5};
use super::{Transfer, put_blob};
use crate::api::ApiError;

/// Takes the list and makes the file of it; to the upload this is its one PUT.
pub(super) async fn put(
    transfer: &Transfer,
    target: &Target,
    parts: &Parts,
    incoming: &mut Incoming,
) -> Result<Response, ApiError> {
    let md5 = announced_md5(&parts.headers)?;
    let xml = incoming.collect(MAX_LIST_BYTES).await?;
    if md5.is_some_and(|md5| bindery_blobs::md5(&xml) != md5) {
        return Err(bindery_blobs::BlobError::Md5Mismatch.into());
    }
    let list = parse_block_list(&xml).map_err(|error| FieldErrors::one("$", error.0))?;
    drop(xml);
    transfer.check_free(0)?;
    let receiving = Receiving::begin(transfer, target).await?;
    let blob = BlobId::random();
    let key = target.blob_key(blob);
    match transfer.blobs.assemble(target.upload_key(), &list, target.limit, key).await {
        Ok(stored) => put_blob::finish(transfer, target, receiving, blob, stored).await,
        Err(error) => {
            receiving.give_back().await;
            Err(error.into())
        }
    }
}
