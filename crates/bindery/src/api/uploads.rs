//! Uploads: the first of the three steps. The second, the PUT, is in [`crate::transfer`].

pub(crate) mod get_presigned_upload;
