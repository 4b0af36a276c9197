//! Bindery's bytes: blobs in files, durable before they are acknowledged.
