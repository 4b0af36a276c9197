//! What is about the embedded database: looked at in itself, or absent.

mod commands;
mod keeping;
mod queue;
mod stored;
mod unit;
