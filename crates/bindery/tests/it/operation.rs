//! The command line and running the server, as an operator sees them: `docs/spec/operations.md`.

mod backup;
mod beside;
mod check;
mod command_line;
mod counters;
mod drain;
mod manage;
mod migrate;
mod solo;
mod worker;
