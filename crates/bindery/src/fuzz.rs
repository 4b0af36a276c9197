//! Fuzz targets for the parsers of what comes from outside; see `bindery_testkit::fuzz`.
//!
//! Each target is named after its seed corpus, `fuzz/corpus/<name>`.

mod body;
mod file_name;
mod link;
mod parameters;
mod provisioning;
mod token;
mod transfer;
mod value;
