//! What Bindery's tests share: a throwaway server, its clients, its provisioning. Only ever a dev-dependency.
//!
//! Everything goes through the program's outside: the command line and HTTP. A failure here is a failed test,
//! so these functions panic with what they saw.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub mod fuzz;

mod client;
mod organization;
mod postgres_server;
mod proxy;
mod s3;
mod server;
mod server_log;
mod shape;
mod unit;

pub use client::{Answer, Client};
pub use organization::{Organization, Upload};
pub use postgres_server::{PostgresDatabase, PostgresServer};
pub use proxy::{Proxy, Trouble};
pub use s3::{S3Place, S3Process, S3Server};
pub use server::{Server, ServerOptions, run, run_with};
pub use shape::{Shape, postgres, stored_files, stored_root, tamper};
pub use unit::UnitFilters;
