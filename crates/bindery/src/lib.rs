//! A self-hosted document platform for property owners and construction projects.

#[cfg(test)]
mod fuzz;

pub mod access;
pub mod actions;
pub mod api;
pub mod app;
pub mod clock;
pub mod config;
pub mod identity;
pub mod links;
pub mod middleware;
pub mod provision;
pub mod router;
pub mod transfer;
