//! A provisioning file as a tree that remembers its lines, whatever language it is written in.

use super::{Mistake, json, yaml};

/// Deepest nesting of lists and maps: folders within folders take two levels each.
pub(crate) const MAX_DEPTH: usize = 256;
/// Most nodes that a file may unfold to, its aliases followed: bounds the memory of a hostile file.
pub(crate) const MAX_NODES: usize = 2_000_000;
/// Largest file in bytes.
pub(crate) const MAX_BYTES: usize = 32 << 20;

/// One value of the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Line of its first character, counted from 1.
    pub(crate) line: usize,
    /// What stands there.
    pub(crate) content: Content,
}

/// What a node holds. Numbers and booleans stay as they are written: every leaf that the file knows is a text
/// or a word of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Nothing, `~` or `null`: counts as absent.
    Null,
    /// Any other scalar.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file; a repeated key is in it twice.
    Map(Vec<Entry>),
}

/// One key of a map and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// The key's line.
    pub(crate) line: usize,
    /// The value.
    pub(crate) value: Node,
}

/// Reads the file as JSON when it is JSON, otherwise as YAML.
///
/// YAML takes most JSON too, but not the escaped surrogate pairs that some writers put for characters
/// beyond 16 bits.
pub(crate) fn read(text: &str) -> Result<Node, Mistake> {
    if text.len() > MAX_BYTES {
        return Err(Mistake::new(1, format!("the file is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{')
        && let Ok(node) = json::read(text)
    {
        return Ok(node);
    }
    yaml::read(text)
}
