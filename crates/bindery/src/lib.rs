//! A self-hosted document platform for property owners and construction projects.

pub mod api;
pub mod app;
pub mod clock;
pub mod config;
pub mod links;
pub mod middleware;
pub mod provision;
pub mod router;
pub mod transfer;
