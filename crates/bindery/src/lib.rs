//! A self-hosted document platform for property owners and construction projects.

#[cfg(test)]
mod fuzz;

pub mod access;
pub mod actions;
pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod identity;
pub mod jobs;
pub mod links;
pub mod logging;
pub mod middleware;
pub mod portal;
pub mod previews;
pub mod provision;
pub mod router;
pub mod sandbox;
pub mod serve;
pub mod telemetry;
pub mod tls;
pub mod transfer;
pub(crate) mod upkeep;
