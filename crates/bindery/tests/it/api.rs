//! The thirteen calls, sentence by sentence of `docs/spec/public-api.md`.

mod binders;
mod bodies;
mod commit_metadata;
mod commit_names;
mod commit_repeat;
mod commit_upload;
mod conditional;
mod conventions;
mod cors;
mod downloads;
mod expiry;
mod file_name_round_trip;
mod folders;
mod long_lists;
mod presigned_put;
mod problems;
mod roles;
mod schema_changes;
mod tenants;
mod upload_limits;
mod values;
mod versions;
