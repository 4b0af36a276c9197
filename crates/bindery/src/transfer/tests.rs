//! The handlers over a socket, on a database and a folder of their own.

mod downloads;
mod uploads;
mod world;

pub(crate) use world::World;
