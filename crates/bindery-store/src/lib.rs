//! Bindery's rows: one narrow face over SQLite and PostgreSQL, the schema, the search.
//!
//! Callers see [`Store`] (reads and the [`Store::write`] transaction), the [`Query`] face that a store,
//! a snapshot and a transaction share, and one module for each noun with the SQL beside each function.
//! Which engine runs is known inside `engine/` and nowhere else.

pub mod credentials;
mod engine;
mod error;
pub mod migrate;
mod query;
pub mod revoked_tokens;
pub mod search;
pub mod server_values;
pub mod signing_keys;
mod sql;
mod store;
mod value;

pub use error::StoreError;
pub use query::Query;
pub use sql::Sql;
pub use store::{Snapshot, Store, StoreLimits, StoreSettings, Tx};
pub use value::{FromValue, Row, Value};
