//! What surrounds every request: its trace id, its path, its log line, its problem body.

pub mod current;
mod problem_body;
pub mod shell;
pub mod templates;
pub mod trace_id;
