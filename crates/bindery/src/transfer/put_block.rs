//! One block of a file.

use axum::response::Response;
use bindery_blobs::Expected;
use bindery_domain::FieldErrors;
use http::StatusCode;
use http::request::Parts;

use super::block_list::parse_block_id;
use super::incoming::Incoming;
use super::target::{Target, announced_md5};
use super::{Transfer, upload};
use crate::api::ApiError;
use crate::links;

/// Takes a block; the same id again replaces it. Blocks come in any order and side by side.
pub(super) async fn put(
    transfer: &Transfer,
    target: &Target,
    parts: &Parts,
    incoming: &mut Incoming,
) -> Result<Response, ApiError> {
    let id = links::parameter(parts.uri.query().unwrap_or_default(), "blockid");
    let invalid = || FieldErrors::one("blockid", "it is not the base64 of 1 to 64 bytes");
    let id = id.as_deref().and_then(parse_block_id).ok_or_else(invalid)?;
    let expected = Expected { limit: target.limit, md5: announced_md5(&parts.headers)? };
    incoming.check_announced(target.limit)?;
    transfer.check_free(incoming.announced.unwrap_or(0))?;
    target.check_open(transfer, transfer.clock.now()).await?;
    let mut block = transfer.blobs.begin_block(target.upload_key(), id, expected).await?;
    while let Some(bytes) = incoming.next().await? {
        block.write(&bytes).await?;
    }
    block.finish().await?;
    Ok(upload::empty(StatusCode::CREATED))
}
