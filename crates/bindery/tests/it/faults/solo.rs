//! What the embedded database's own file is about.

mod full_disk;
mod synced;
