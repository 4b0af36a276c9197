//! All that decides and changes: one file a verb. Handlers call these; they know neither HTTP nor SQL.

mod commit_upload;
mod error;
mod open_sandbox;
mod open_upload;
mod request_digest;
mod reset_sandbox;
mod running;

pub use commit_upload::{CommitUpload, IdempotencyKey, commit_upload};
pub use error::ActionError;
pub(crate) use open_sandbox::open_sandbox;
pub(crate) use open_upload::{open_upload, upload_limit};
pub use request_digest::RequestDigest;
pub(crate) use reset_sandbox::reset_sandbox;
pub use running::RunningKeys;
