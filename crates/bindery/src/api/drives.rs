//! Drives: the tabs and folders of a binder, and the documents in them.

pub(crate) mod body;
pub(crate) mod list_drive_folders;
pub(crate) mod list_folder_documents;
pub(crate) mod list_folder_folders;
