//! What speaks HTTP: one module for each noun, and what all handlers share.

pub mod body;
pub mod health;
pub mod home;
pub mod openapi;
pub mod problem;
pub mod query;

pub use body::Body;
pub use problem::{ApiError, ApiResult, Challenge};
