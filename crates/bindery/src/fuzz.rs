//! Fuzz targets for the parsers of what comes from outside; see `bindery_testkit::fuzz`.
//!
//! Each target is named after its seed corpus, `fuzz/corpus/<name>`.

mod file_name;
mod provisioning;
mod search;
mod value;
