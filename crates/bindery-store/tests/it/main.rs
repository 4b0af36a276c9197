//! The store's suite. Each case runs on both engines, on a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod binder_schema;
mod binders;
mod blobs;
mod bulk;
mod clients;
mod database;
mod documents;
mod engine;
mod idempotency;
mod jobs;
mod journal;
mod organizations;
mod postgres_engine;
mod postgres_tls;
mod postgres_writers;
mod previews;
mod removal;
mod sandboxes;
mod schema;
mod sqlite_engine;
mod sqlite_group;
mod trash;
mod uploads;
mod world;

/// Emits a test for each engine and each of the functions named.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::database::TestDatabase::sqlite().await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::database::TestDatabase::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;
