//! Names: of files, and of the things that hold them.

use std::fmt;

use crate::fold;

/// The most characters that a name has.
const LONGEST: usize = 255;

/// The name of a document: a name, not a path. Kept as NFC without leading and trailing spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Reads a file name as a caller sent it.
    ///
    /// # Errors
    /// Says what is wrong with it, safe to show to the caller.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = parse(text)?;
        if name.contains(['/', '\\']) {
            return Err("is a name, not a path: it may not contain / or \\".to_owned());
        }
        if name.contains(is_bidi_control) {
            return Err("may not contain characters that override the direction of text".to_owned());
        }
        if name == "." || name == ".." {
            return Err("may not be . or ..".to_owned());
        }
        Ok(Self(name))
    }

    /// The name as it is stored and answered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when they are the same name ([`fold::identity`]).
    #[must_use]
    pub fn identity(&self) -> String {
        fold::identity(&self.0)
    }

    /// What search terms are compared with ([`fold::search`]).
    #[must_use]
    pub fn search(&self) -> String {
        fold::search(&self.0)
    }

    /// Key whose bytes compare as Swedish order does ([`fold::order`]).
    #[must_use]
    pub fn order(&self) -> Vec<u8> {
        fold::order(&self.0)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name or label of an organization, client, binder, folder, element or allowed value. Kept as NFC without
/// leading and trailing spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(String);

impl ObjectName {
    /// Reads a name as it was declared.
    ///
    /// # Errors
    /// Says what is wrong with it, safe to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse(text).map(Self)
    }

    /// The name as it is stored and answered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when they are the same name ([`fold::identity`]).
    #[must_use]
    pub fn identity(&self) -> String {
        fold::identity(&self.0)
    }

    /// Key whose bytes compare as Swedish order does ([`fold::order`]).
    #[must_use]
    pub fn order(&self) -> Vec<u8> {
        fold::order(&self.0)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What holds for every name.
fn parse(text: &str) -> Result<String, String> {
    // Asked before the spaces are cut: a line break at the end is a control character, not a space.
    if text.contains(char::is_control) {
        return Err("may not contain control characters".to_owned());
    }
    let name = fold::nfc(text);
    let name = name.trim();
    if name.is_empty() {
        return Err("may not be empty or only spaces".to_owned());
    }
    let length = name.chars().count();
    if length > LONGEST {
        return Err(format!("may have at most {LONGEST} characters, has {length}"));
    }
    Ok(name.to_owned())
}

/// The overrides, embeddings and isolates of the bidirectional algorithm: with them `exe.fdp` shows as `pdf.exe`.
/// The plain marks U+200E, U+200F and U+061C stay allowed; names in Arabic and Hebrew carry them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
