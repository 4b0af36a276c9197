//! The thirteen calls, sentence by sentence of `docs/spec/public-api.md`.

mod binders;
mod bodies;
mod commit_metadata;
mod commit_names;
mod commit_repeat;
mod commit_upload;
mod conditional;
mod conventions;
mod downloads;
mod folders;
mod presigned_put;
mod tenants;
mod versions;
