//! What is looked at in the embedded database itself.

mod keeping;
mod queue;
mod stored;
