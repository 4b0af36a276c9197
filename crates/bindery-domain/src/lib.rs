//! What Bindery knows without any input or output: ids, names, metadata, filters, refusals.
//!
//! Nothing here reads a clock, a file or a database, and nothing is asynchronous.

mod id;
mod refusal;
mod role;
mod scope;
mod time;

pub use id::{BinderId, BlobId, ClientId, DocumentId, ElementId, FolderId, OrganizationId, UploadId, ValueId, VersionId};
pub use refusal::{FieldErrors, Kind, Refusal};
pub use role::Role;
pub use scope::{OrgKey, Scope, Visible};
pub use time::Timestamp;
