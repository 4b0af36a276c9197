//! A self-hosted document platform for property owners and construction projects.

pub mod provision;
