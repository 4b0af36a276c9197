//! What goes wrong around a server: it is killed, the disk is full, the power may fail, callers dawdle.

mod killed;
mod slow_connections;
mod solo;
