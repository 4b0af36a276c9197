//! Bindery's tests: what a caller, a client library or an operator sees. One binary, one module for each part.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access_coverage;
mod api;
mod changelog;
mod clients;
mod faults;
mod identity;
mod logs;
mod newcomer;
mod openapi_contract;
mod operation;
mod packaging;
mod portal;
mod previews;
mod sandboxes;
mod scale_out;
mod search;
mod serve;
mod storage;
mod support;
mod tidy;
mod wire;
