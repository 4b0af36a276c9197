//! The ways to get a token, one file each.

pub mod client_credentials;
