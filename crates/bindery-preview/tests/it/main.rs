//! The worker from outside: real files in, real child processes, real pictures out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod confinement;
mod corpus;
mod damage;
mod kinds;
mod photographs;
mod pictures;
mod support;
mod tiles;
