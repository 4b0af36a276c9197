//! Bindery's rows: one narrow face over SQLite and PostgreSQL, the schema, the search.
//!
//! Callers see [`Store`] (reads and the [`Store::write`] transaction), the [`Query`] face that a store,
//! a snapshot and a transaction share, and one module for each noun with the SQL beside each function.
//! Which engine runs is known inside `engine/` and nowhere else.

pub mod binders;
pub mod blobs;
pub mod books;
pub mod bulk;
pub mod changes;
mod chunk;
pub mod clients;
pub mod credentials;
pub mod derived;
pub mod documents;
pub mod dump;
pub mod elements;
mod engine;
mod error;
pub mod folders;
pub mod idempotency;
mod ids;
pub mod jobs;
pub mod journal;
pub mod migrate;
pub mod organizations;
pub mod page_text;
pub mod previews;
mod query;
#[cfg(test)]
mod query_plans;
mod removal;
pub mod revoked_tokens;
pub mod sandboxes;
pub mod schema;
pub mod search;
pub mod server_values;
pub mod signing_keys;
mod sql;
mod store;
pub mod trash;
pub mod uploads;
pub mod usage;
mod value;
pub mod versions;

pub use chunk::Chunk;
pub use error::StoreError;
pub use query::Query;
pub use removal::{Removal, Withheld};
pub use sql::Sql;
pub use store::{Snapshot, Store, StoreLimits, StoreSettings, Tx};
pub use value::{FromValue, Row, Value};
