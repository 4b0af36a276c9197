//! What is wrong with a body, and where.

use std::fmt;

use bindery_domain::FieldErrors;
use serde::de::{self, Expected, Unexpected};

/// One thing that is wrong, and the path to it, grown from the inside out.
#[derive(Debug)]
pub(super) struct Fault {
    path: String,
    message: String,
}

impl Fault {
    /// A fault of the value at hand.
    pub(super) fn here(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// The same fault, seen from the object that has the field.
    pub(super) fn in_field(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }

    /// The same fault, seen from the list that has the element.
    pub(super) fn in_element(mut self, index: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{dot}{}", self.path);
        self
    }

    pub(super) fn into_field_errors(self) -> FieldErrors {
        let path = if self.path.is_empty() { "$".to_owned() } else { self.path };
        FieldErrors::one(path, self.message)
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::here(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        Self::here(match expected.as_str() {
            "a sequence" => "must be a list".to_owned(),
            other if other.starts_with("struct ") || other == "a map" => {
                "must be an object".to_owned()
            }
            other => format!("must be {other}"),
        })
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::here(format!("must be {expected}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::here("is required").in_field(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::here("is given twice").in_field(field)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::here(format!("is no valid JSON: {error}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for Fault {}
