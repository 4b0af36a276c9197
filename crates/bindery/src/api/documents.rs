//! Documents and their versions.

pub(crate) mod body;
pub(crate) mod commit_upload;
pub(crate) mod get_document;
pub(crate) mod get_version;
pub(crate) mod get_version_download_link;
pub(crate) mod get_version_preview;
pub(crate) mod list_versions;
pub(crate) mod search_documents;
mod versions;
