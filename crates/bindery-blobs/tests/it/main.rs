//! The storage as its callers see it: one suite for files, for `s3s-fs` and for Ceph's gateway.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blocks;
mod files_only;
mod listing;
mod s3_only;
mod storage;
mod writing;

use bindery_blobs::{BlobError, BlobKey, Blobs, Expected, Stored};
use bindery_domain::{BlobId, OrganizationId};
use futures_util::TryStreamExt;

/// Emits each case for each storage.
macro_rules! on_every_storage {
    ($($module:ident::$case:ident,)*) => {
        mod files {
            $(#[tokio::test]
            async fn $case() {
                crate::$module::$case(&crate::storage::Storage::files()).await;
            })*
        }
        on_every_s3! { $($module::$case,)* }
    };
}

/// Emits each case for each S3 storage.
macro_rules! on_every_s3 {
    ($($module:ident::$case:ident,)*) => {
        mod s3s_fs {
            $(#[tokio::test]
            async fn $case() {
                crate::$module::$case(&crate::storage::Storage::s3s_fs().await).await;
            })*
        }
        mod radosgw {
            $(#[tokio::test]
            async fn $case() {
                crate::$module::$case(&crate::storage::Storage::radosgw().await).await;
            })*
        }
        mod garage {
            $(#[cfg(feature = "garage")]
            #[tokio::test]
            async fn $case() {
                crate::$module::$case(&crate::storage::Storage::garage().await).await;
            })*
        }
    };
}

mod on_every_storage {
    on_every_storage! {
        writing::what_was_written_is_read_back_with_its_size_and_digest,
        writing::a_part_is_streamed_from_its_first_byte_to_its_last,
        writing::a_dropped_writer_leaves_nothing,
        writing::bytes_over_the_limit_are_refused_and_removed,
        writing::another_md5_than_announced_stores_nothing,
        writing::a_removed_blob_is_missing,
        writing::one_organization_cannot_read_anothers_blob_by_its_id,
        writing::the_storage_takes_bytes_and_leaves_no_trace_of_a_probe,
        blocks::blocks_are_put_together_in_the_lists_order,
        blocks::a_block_put_again_replaces_the_first_and_counts_once,
        blocks::an_unknown_block_is_refused_and_nothing_is_lost,
        blocks::all_blocks_together_stay_under_the_limit,
        blocks::a_block_that_ends_after_its_upload_is_refused,
        listing::what_lies_in_the_storage_is_listed_for_what_it_is,
        listing::what_was_moved_aside_is_kept_but_no_longer_listed,
    }
}

mod on_every_s3 {
    on_every_s3! {
        s3_only::it_is_found_out_what_a_storage_can_do,
        s3_only::a_signed_url_reads_with_the_headers_that_were_asked_for,
        s3_only::what_a_caller_put_is_copied_to_where_no_url_leads,
        s3_only::what_a_caller_put_beyond_the_limit_is_refused,
        s3_only::a_large_object_is_copied_by_parts,
        s3_only::servers_share_the_blocks_of_an_upload,
        s3_only::a_read_is_taken_up_again_where_it_broke_off,
        s3_only::a_write_survives_broken_connections,
        s3_only::a_storage_that_is_gone_is_unavailable,
    }
}

fn key() -> BlobKey {
    BlobKey { organization: OrganizationId::random(), blob: BlobId::random() }
}

fn any() -> Expected {
    Expected { limit: 1 << 36, md5: None }
}

/// Bytes that differ everywhere, so that a block in the wrong place shows.
fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0]).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().try_into().unwrap()
}

async fn store(blobs: &Blobs, key: BlobKey, bytes: &[u8]) -> Result<Stored, BlobError> {
    let mut writer = blobs.begin(key, any()).await?;
    for piece in bytes.chunks(70_001) {
        writer.write(piece).await?;
    }
    writer.finish().await
}

async fn load(blobs: &Blobs, key: BlobKey) -> Vec<u8> {
    let reader = blobs.open_read(key).await.unwrap();
    let size = reader.size();
    let pieces: Vec<_> = reader.stream(0..size).try_collect().await.unwrap();
    pieces.concat()
}
