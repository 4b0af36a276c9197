//! Previews: pictures and text of what was stored, made in the background by child processes that know nothing else.
//!
//! A commit queues a job for bytes that are new (`Part::Overview`); a viewer that asks for a page or for tiles queues
//! one for that part. Workers claim jobs, render, store the pictures beside the blobs, and note them.

mod ask;
mod bell;
mod fill;
mod make;
mod meters;
mod pace;
mod part;
mod pool;
mod record;
mod tiles;

pub use ask::{Asked, ask};
pub use bell::Bell;
pub use fill::{Wanted, queue_all};
pub use meters::watch_backlog;
pub use part::{KIND, Part};
pub use pool::{Pool, Running};
pub use tiles::{Tile, TileIndex};

pub(crate) use bindery_preview::RENDERER_VERSION;
