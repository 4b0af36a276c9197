//! Reading the keys of one map of the file: known ones only, each value of its kind.

use std::fmt::Display;
use std::str::FromStr;

use bindery_domain::ObjectName;

use super::Mistake;
use super::node::{Content, Entry, Node};

/// The keys of one map.
pub(crate) struct Fields<'n> {
    /// Line where the map begins.
    pub(crate) line: usize,
    entries: &'n [Entry],
    has_unknown: bool,
}

/// A text of the file and its line.
#[derive(Clone, Copy)]
pub(crate) struct Leaf<'n> {
    /// The text as it is written.
    pub(crate) text: &'n str,
    /// Its line.
    pub(crate) line: usize,
}

impl<'n> Fields<'n> {
    /// Opens a map; every key that is not known or comes twice is a mistake.
    pub(crate) fn open(
        node: &'n Node,
        what: &str,
        known: &[&str],
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Self> {
        let Content::Map(entries) = &node.content else {
            let message = format!("{what} must be a map with the keys {}", known.join(", "));
            mistakes.push(Mistake::new(node.line, message));
            return None;
        };
        let mut has_unknown = false;
        for (index, entry) in entries.iter().enumerate() {
            if !known.contains(&entry.key.as_str()) {
                has_unknown = true;
                mistakes.push(unknown_key(entry, what, known));
            } else if entries[..index].iter().any(|earlier| earlier.key == entry.key) {
                let message = format!("duplicate key {} in {what}", entry.key);
                mistakes.push(Mistake::new(entry.line, message));
            }
        }
        Some(Self { line: node.line, entries, has_unknown })
    }

    /// The value of a key; `null` counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.value.content != Content::Null).then_some(&entry.value)
    }

    /// A word or text.
    pub(crate) fn text(&self, key: &str, mistakes: &mut Vec<Mistake>) -> Option<Leaf<'n>> {
        let node = self.get(key)?;
        match &node.content {
            Content::Text(text) => Some(Leaf { text, line: node.line }),
            _ => {
                mistakes.push(Mistake::new(node.line, format!("{key} must be a text")));
                None
            }
        }
    }

    /// An id or another text with rules of its own.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(
        &self,
        key: &str,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let leaf = self.text(key, mistakes)?;
        match leaf.text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("{key}: {:?} is {error}", leaf.text);
                mistakes.push(Mistake::new(leaf.line, message));
                None
            }
        }
    }

    /// A name or label.
    pub(crate) fn name(&self, key: &str, mistakes: &mut Vec<Mistake>) -> Option<ObjectName> {
        let leaf = self.text(key, mistakes)?;
        match ObjectName::parse(leaf.text) {
            Ok(name) => Some(name),
            Err(complaint) => {
                mistakes.push(Mistake::new(leaf.line, format!("{key} {complaint}")));
                None
            }
        }
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &str,
        words: &[(&str, T)],
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let leaf = self.text(key, mistakes)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == leaf.text) {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!(
            "{key}: {:?} is none of {}{}",
            leaf.text,
            known.join(", "),
            suggestion(leaf.text, &known)
        );
        mistakes.push(Mistake::new(leaf.line, message));
        None
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, key: &str, mistakes: &mut Vec<Mistake>) -> Option<bool> {
        self.word(key, &[("true", true), ("false", false)], mistakes)
    }

    /// A list.
    pub(crate) fn list(&self, key: &str, mistakes: &mut Vec<Mistake>) -> Option<&'n [Node]> {
        let node = self.get(key)?;
        match &node.content {
            Content::List(items) => Some(items),
            _ => {
                mistakes.push(Mistake::new(node.line, format!("{key} must be a list")));
                None
            }
        }
    }

    /// One of the two keys must be there; where a key is not known it may be the one, and has been told already.
    pub(crate) fn need_either(&self, what: &str, keys: [&str; 2], mistakes: &mut Vec<Mistake>) {
        if !self.has_unknown && keys.iter().all(|key| self.get(key).is_none()) {
            let message = format!("{what} needs the key {} or {}", keys[0], keys[1]);
            mistakes.push(Mistake::new(self.line, message));
        }
    }

    /// Line of a key's value, or of the map when it is absent.
    pub(crate) fn line_of(&self, key: &str) -> usize {
        self.get(key).map_or(self.line, |node| node.line)
    }
}

/// `; did you mean …?` with the nearest of the known words, when one is near.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    let lower = word.to_lowercase();
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance <= 1.max(name.len() / 2))
        .min_by_key(|(distance, _)| *distance);
    near.map_or_else(String::new, |(_, name)| format!("; did you mean {name}?"))
}

fn unknown_key(entry: &Entry, what: &str, known: &[&str]) -> Mistake {
    let hint = suggestion(&entry.key, known);
    let hint = if hint.is_empty() { format!("; it has {}", known.join(", ")) } else { hint };
    Mistake::new(entry.line, format!("unknown key {:?} in {what}{hint}", entry.key))
}
