//! Bindery's bytes: blobs in files or in an S3 storage, durable before they are acknowledged.
//!
//! A blob is written once, under an id that is never used again, and then only read or removed. [`Blobs`] is the
//! storage of one server, whichever it is; [`BlobKey`] and [`UploadKey`] alone know where in it something lies:
//!
//! | in files | in S3, below the prefix | holds |
//! |---|---|---|
//! | `blobs/<organization>/<2 digits>/<blob>` | `<organization>/<blob>` | finished blobs |
//! | `incoming/` | multipart uploads that are not completed | files in the making |
//! | `blocks/<organization>/<upload>/` | `uploads/<organization>/<upload>/blocks/` | blocks that no block list has named yet |
//! | – | `uploads/<organization>/<upload>/file` | what a caller has put into the storage itself |
//! | `aside/` | `aside/` | what `bindery check --repair` moved out of the way |
//!
//! Whatever a crash leaves is a file in the making, a block, or a blob that no row names: [`Blobs::list`] shows
//! them all, and the sweeper removes them.

mod blobs;
mod block_id;
mod digests;
mod error;
mod files;
mod key;
mod ledger;
mod listing;
mod reader;
mod s3;
mod writer;

pub use blobs::Blobs;
pub use block_id::{BlockId, MAX_BLOCKS};
pub use error::BlobError;
pub use key::{BlobKey, UploadKey};
pub use listing::{Found, FoundKind, Listing};
pub use reader::BlobReader;
pub use s3::{Abilities, Overrides, S3, S3Credentials, S3Settings, Taken};
pub use writer::{BlockWriter, Expected, Stored, Writer, md5};
