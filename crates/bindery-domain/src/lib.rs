//! What Bindery knows without any input or output: ids, names, metadata, filters, refusals.
//!
//! Nothing here reads a clock, a file or a database, and nothing is asynchronous.

pub mod fold;

mod commit;
mod id;
mod label;
mod metadata;
mod name;
mod refusal;
mod role;
mod schema;
mod scope;
mod search;
mod time;
mod value;

pub use commit::{Applied, GivenValue};
pub use id::{
    BinderId, BlobId, ClientId, DocumentId, ElementId, FolderId, OrganizationId, UploadId, ValueId,
    VersionId,
};
pub use label::VersionLabel;
pub use metadata::Metadata;
pub use name::{FileName, ObjectName};
pub use refusal::{FieldErrors, Kind, Refusal};
pub use role::Role;
pub use schema::{AllowedValue, BuiltIn, Element, Schema};
pub use scope::{OrgKey, Scope, Visible};
pub use search::{
    CheckedFilter, CheckedSearch, CheckedSortKey, Direction, Filter, SearchRequest, SortKey,
    UNKNOWN_ELEMENT,
};
pub use time::Timestamp;
pub use value::{DataType, TypedValue};
