//! Bindery's bytes: blobs in files, durable before they are acknowledged.
//!
//! A blob is written once, under an id that is never used again, and then only read or removed. [`Blobs`] is the
//! folder of one server; [`BlobKey`] and [`UploadKey`] alone know where in it something lies:
//!
//! | folder | holds |
//! |---|---|
//! | `blobs/<organization>/<2 digits>/<blob>` | finished blobs |
//! | `incoming/` | files in the making, each under a random name |
//! | `blocks/<organization>/<upload>/` | blocks that no block list has named yet |
//! | `aside/` | what `bindery check --repair` moved out of the way |
//!
//! Whatever a crash leaves is a file in `incoming` or `blocks`, or a blob that no row names: [`Blobs::list`] shows
//! them all, and the sweeper removes them.

mod blobs;
mod blocks;
mod draft;
mod error;
mod folders;
mod key;
mod list;
mod reader;
mod sequence;
mod writer;

pub use blobs::Blobs;
pub use blocks::{BlockId, BlockWriter, MAX_BLOCKS};
pub use error::BlobError;
pub use key::{BlobKey, UploadKey};
pub use list::{Found, FoundKind, Listing};
pub use reader::BlobReader;
pub use writer::{Expected, Stored, Writer, md5};
