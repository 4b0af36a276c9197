//! A statement that is put together from parts, each with its parameters.

use crate::{Sql, Value};

/// The text so far, in each engine's words, and what is bound to its `$1…$n`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statement {
    sqlite: String,
    postgres: String,
    params: Vec<Value>,
}

impl Statement {
    pub(crate) fn new(text: &str) -> Self {
        Self { sqlite: text.to_owned(), postgres: text.to_owned(), params: Vec::new() }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.push_each(text, text)
    }

    /// Adds what the engines word differently.
    pub(crate) fn push_each(&mut self, sqlite: &str, postgres: &str) -> &mut Self {
        self.sqlite.push_str(sqlite);
        self.postgres.push_str(postgres);
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

    /// Adds a condition: the column's text holds the word.
    pub(crate) fn push_holds(&mut self, column: &str, word: &str) -> &mut Self {
        let place = self.bind(word);
        self.push_each("instr(", "strpos(").push(column).push(", ").push(&place).push(") > 0")
    }

    /// Puts text before all that there is.
    pub(crate) fn prefix(&mut self, text: &str) {
        self.sqlite.insert_str(0, text);
        self.postgres.insert_str(0, text);
    }

    /// What the engine runs, and its parameters.
    pub(crate) fn into_parts(self) -> (Sql, Vec<Value>) {
        let sql = Sql::Each { sqlite: self.sqlite.into(), postgres: self.postgres.into() };
        (sql, self.params)
    }
}
