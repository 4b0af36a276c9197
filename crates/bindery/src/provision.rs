//! Provisioning: a file declares organizations, clients, binders, metadata, tabs and folders, and what of it does
//! not exist yet is made. What the file leaves out is left alone.
//!
//! [`parse`] is pure: text in, a [`Plan`] or all its mistakes out.

pub(crate) mod apply;
mod fields;
mod json;
mod metadata;
pub(crate) mod new_ids;
mod node;
pub(crate) mod plan;
mod read;
mod seen;
pub mod tree;
mod yaml;

use std::fmt;

use bindery_store::StoreError;

pub use apply::{Applied, apply};
pub use plan::Plan;

/// Why a plan was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The database shows mistakes in it.
    #[error("the file has {} mistakes", .0.len())]
    Refused(Vec<Mistake>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something in the file that cannot be: where and what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Mistake {
    /// A mistake at a line.
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// `LINE: message`, to stand behind the file's name.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

/// Reads a provisioning file, YAML or JSON, and checks all of it that can be checked without a database.
///
/// # Errors
/// Every mistake found, in the order of the lines; at least one.
pub fn parse(text: &str) -> Result<Plan, Vec<Mistake>> {
    let root = node::read(text).map_err(|mistake| vec![mistake])?;
    let mut mistakes = Vec::new();
    let plan = read::plan(&root, &mut mistakes);
    if mistakes.is_empty() {
        return Ok(plan);
    }
    mistakes.sort();
    mistakes.dedup();
    Err(mistakes)
}

#[cfg(test)]
mod tests;
