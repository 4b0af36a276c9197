//! A statement that is put together from parts, each with its parameters.

use crate::Value;

/// The text so far and what is bound to its `$1…$n`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) params: Vec<Value>,
}

impl Statement {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), params: Vec::new() }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Binds a value and returns how the text names it.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    /// Adds the names of values that are bound, each after a comma.
    pub(crate) fn push_values(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for value in values {
            self.push_bound(", ", value);
        }
        self
    }

    /// Adds text and the name of a value that is bound.
    pub(crate) fn push_bound(&mut self, text: &str, value: impl Into<Value>) -> &mut Self {
        let place = self.bind(value);
        self.push(text).push(&place)
    }
}
