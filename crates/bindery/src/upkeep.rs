//! What operators do for the data: check it, copy it, bring it back. Commands print what these find.

pub mod backup;
pub mod check;
mod copy;
pub mod restore;
