//! Searches against a model that looks at every document.

mod bulk;
mod dice;
mod fixture;
mod model;
mod place;
mod plans;
mod random;
mod refusals;

/// Emits a test for each engine and each of the functions named.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::search::tests::place::Engine::Sqlite).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::search::tests::place::Engine::Postgres).await;
            })*
        }
    };
}
use on_both_engines;
