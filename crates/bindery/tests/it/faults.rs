//! What goes wrong around a server: it is killed, the disk is full, the power may fail, callers dawdle.

mod full_disk;
mod killed;
mod slow_connections;
mod synced;
