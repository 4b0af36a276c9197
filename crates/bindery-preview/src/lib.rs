//! Previews: pictures and text of the files that people store.
//!
//! Files are hostile until proven otherwise. [`Worker`] starts one child process for each of them; the child locks
//! itself down (`child/lockdown.rs`) before it reads its first byte, renders, writes what it has in frames to its
//! standard output, and ends. A crash, a bomb or an endless loop costs one preview.
//!
//! The server's side is [`Worker`], [`RenderRequest`] and [`Rendering`]; the child's is [`run_worker`].

mod child;
mod encode;
mod frames;
mod kind;
#[doc(hidden)]
pub mod misbehave;
mod render;
mod rendering;
mod request;
mod scale;
mod source;
mod worker;

/// Version of the renderers. It rises when pictures of the same bytes may differ, or more kinds have them: URLs of pictures
/// name it, and what an older version could not render is tried again.
pub const RENDERER_VERSION: u32 = 1;

pub use child::run_worker;
pub use kind::Kind;
pub use rendering::{
    Level, MediaType, Outcome, PageSize, PageText, Picture, Purpose, Pyramid, Rendering, Word,
};
pub use request::{RenderRequest, Task};
pub use worker::{Office, Worker, WorkerError, WorkerLimits};
