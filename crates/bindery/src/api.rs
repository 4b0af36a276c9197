//! What speaks HTTP: one module for each noun, and what all handlers share.

pub(crate) mod binders;
pub mod body;
pub(crate) mod documents;
pub(crate) mod drives;
pub(crate) mod etag;
pub mod health;
pub mod home;
pub(crate) mod json;
pub mod openapi;
mod parameters;
mod paths;
mod presigned;
pub mod problem;
pub mod query;
pub(crate) mod sandboxes;
mod stream;
pub(crate) mod uploads;

pub use body::Body;
pub use problem::{ApiError, ApiResult, Challenge};
