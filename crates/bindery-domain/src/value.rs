//! Typed values of metadata elements: their canonical text and the bytes that order them.

mod date;
mod number;

use std::fmt;
use std::str::FromStr;

use crate::fold;
use crate::id::InvalidId;

/// The most characters that a value of type `string` has.
const LONGEST_STRING: usize = 4_000;
/// The most bytes that a value of type `text` has.
const LONGEST_TEXT_BYTES: usize = 64 * 1024;
/// Order keys of strings are cut here: `PostgreSQL` refuses index rows of more than 2,704 bytes.
const LONGEST_ORDER_BYTES: usize = 1_000;

/// What kind of values a metadata element has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataType {
    /// A line of text, which can be sorted on.
    String,
    /// Long text, which cannot be sorted on.
    Text,
    /// A decimal number, exact.
    Number,
    /// A calendar day, or a point in time whose own day counts.
    Date,
    /// True or false.
    Boolean,
    /// One of the element's allowed values.
    Enum,
}

impl DataType {
    /// All of them, in the order of the specification.
    pub const ALL: [Self; 6] =
        [Self::String, Self::Text, Self::Number, Self::Date, Self::Boolean, Self::Enum];

    /// The type as answers, provisioning files and the database spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Enum => "enum",
        }
    }

    /// Whether documents can be sorted on such an element.
    #[must_use]
    pub fn is_sortable(self) -> bool {
        self != Self::Text
    }

    /// Reads a value of any type but [`DataType::Enum`], whose values only the element knows. A value read from the
    /// canonical text is the same value again.
    ///
    /// # Errors
    /// Says what is wrong with it, safe to show to the caller.
    pub fn parse_value(&self, text: &str) -> Result<TypedValue, String> {
        match self {
            Self::String => string(text),
            Self::Text => long_text(text),
            Self::Number => number::parse(text),
            Self::Date => date::parse(text),
            Self::Boolean => boolean(text),
            Self::Enum => Err("must be one of the element's allowed values".to_owned()),
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Takes exactly the spelling of [`DataType::as_str`].
impl FromStr for DataType {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::ALL
            .into_iter()
            .find(|data_type| data_type.as_str() == text)
            .ok_or(InvalidId("data type (string, text, number, date, boolean or enum)"))
    }
}

/// A value of an element's type. Two values are the same value when both `sort` and `exact` are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedValue {
    /// The value as it stands in answers.
    pub text: String,
    /// Bytes that compare as the values are ordered; equal for values that are equal in order.
    pub sort: Vec<u8>,
    /// Tells apart what is equal in order only, as strings that differ in case; empty for types where nothing is.
    pub exact: Vec<u8>,
}

impl TypedValue {
    /// Whether ordering bytes may have been cut off, so that values which share them may still differ in order.
    #[must_use]
    pub fn is_cut(sort: &[u8]) -> bool {
        sort.len() >= LONGEST_ORDER_BYTES
    }

    /// The ordering bytes of an enumerated value: the internal key of the allowed value, which orders nothing.
    /// Sorting walks the allowed values in the order of their labels instead, so that a new label rewrites nothing.
    #[must_use]
    pub fn enum_sort(value_key: i64) -> Vec<u8> {
        value_key.to_be_bytes().to_vec()
    }
}

fn string(text: &str) -> Result<TypedValue, String> {
    let text = storable(text)?;
    let length = text.chars().count();
    if length > LONGEST_STRING {
        return Err(format!("may have at most {LONGEST_STRING} characters, has {length}"));
    }
    let mut sort = fold::order(&text);
    sort.truncate(LONGEST_ORDER_BYTES);
    let exact = digest(&text, 8);
    Ok(TypedValue { text, sort, exact })
}

fn long_text(text: &str) -> Result<TypedValue, String> {
    let text = storable(text)?;
    if text.len() > LONGEST_TEXT_BYTES {
        return Err(format!("may have at most {LONGEST_TEXT_BYTES} bytes, has {}", text.len()));
    }
    let sort = digest(&text, 16);
    Ok(TypedValue { text, sort, exact: Vec::new() })
}

fn boolean(text: &str) -> Result<TypedValue, String> {
    let (text, byte) = match text {
        _ if text.eq_ignore_ascii_case("true") => ("true", 1),
        _ if text.eq_ignore_ascii_case("false") => ("false", 0),
        _ => return Err("must be true or false".to_owned()),
    };
    Ok(TypedValue { text: text.to_owned(), sort: vec![byte], exact: Vec::new() })
}

/// Text as NFC. U+0000 is refused because `PostgreSQL` cannot hold it.
fn storable(text: &str) -> Result<String, String> {
    if text.contains('\0') {
        return Err("may not contain the character U+0000".to_owned());
    }
    Ok(fold::nfc(text))
}

fn digest(text: &str, bytes: usize) -> Vec<u8> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref()[..bytes].to_vec()
}

#[cfg(test)]
mod tests;
