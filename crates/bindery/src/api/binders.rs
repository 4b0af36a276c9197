//! Binders and their metadata schema.

pub(crate) mod list_binders;
pub(crate) mod list_metadata_elements;
