//! All that decides and changes: one file a verb. Handlers call these; they know neither HTTP nor SQL.

mod commit_upload;
mod error;
mod request_digest;
mod running;

pub use commit_upload::{CommitUpload, IdempotencyKey, commit_upload};
pub use error::ActionError;
pub use request_digest::RequestDigest;
pub use running::RunningKeys;
