//! What operators do for the data: check it, copy it, bring it back. Commands print what these find.

pub(crate) mod backup;
pub(crate) mod check;
mod compare;
mod copy;
pub(crate) mod restore;
