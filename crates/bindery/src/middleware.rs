//! What surrounds every request: its trace id, its path, its log line, its problem body.

pub(crate) mod compress;
mod cors;
pub mod current;
mod problem_body;
mod request_log;
pub mod shell;
pub mod templates;
pub mod trace_id;
