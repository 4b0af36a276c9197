//! The settings file: TOML, one flat table, every key known.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use toml::{Table, Value};

/// The keys and values of a settings file.
#[derive(Debug, Default)]
pub struct SettingsFile {
    path: PathBuf,
    table: Table,
}

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("cannot read the settings file {path}", path = .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no TOML.
    #[error("{path}: {message}", path = .path.display())]
    NoToml {
        /// Which file.
        path: PathBuf,
        /// Where and why, in one line.
        message: String,
    },
    /// It has a key that is none of ours.
    #[error("{path}: unknown key `{key}`{}", .nearest.as_ref().map(|known| format!("; did you mean `{known}`?")).unwrap_or_default(), path = .path.display())]
    UnknownKey {
        /// Which file.
        path: PathBuf,
        /// The key.
        key: String,
        /// The known key that is most alike.
        nearest: Option<String>,
    },
    /// A value is not of its key's type.
    #[error("{path}: {key}: {message}", path = .path.display())]
    WrongValue {
        /// Which file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong.
        message: String,
    },
}

impl SettingsFile {
    /// Reads a file and refuses keys that are not known.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML or has an unknown key.
    pub fn read(path: &Path, known: &[&str]) -> Result<Self, FileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| FileError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text, path, known)
    }

    pub(crate) fn parse(text: &str, path: &Path, known: &[&str]) -> Result<Self, FileError> {
        let path = path.to_owned();
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return Err(FileError::NoToml { path, message: one_line(&error, text) }),
        };
        if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
            let nearest = nearest(key, known);
            return Err(FileError::UnknownKey { path, key: key.clone(), nearest });
        }
        Ok(Self { path, table })
    }

    /// The value of a key, read like the flag's.
    ///
    /// # Errors
    /// When it is not of the key's type.
    pub(crate) fn get<T: FromStr<Err: Display>>(&self, key: &str) -> Result<Option<T>, FileError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| self.no_table(key))?;
        text.parse().map(Some).map_err(|error: T::Err| self.wrong(key, error.to_string()))
    }

    /// Every key with its value as a flag would write it.
    ///
    /// # Errors
    /// When a value is a table.
    pub(crate) fn texts(&self) -> Result<BTreeMap<String, String>, FileError> {
        let text = |(key, value): (&String, &Value)| {
            Ok((key.clone(), as_text(value).ok_or_else(|| self.no_table(key))?))
        };
        self.table.iter().map(text).collect()
    }

    fn no_table(&self, key: &str) -> FileError {
        self.wrong(key, "a table does not fit here".to_owned())
    }

    fn wrong(&self, key: &str, message: String) -> FileError {
        FileError::WrongValue { path: self.path.clone(), key: key.to_owned(), message }
    }
}

/// Lists become one text with commas, so that every source is read by the same code.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => {
            Some(values.iter().map(as_text).collect::<Option<Vec<_>>>()?.join(","))
        }
        Value::Table(_) => None,
        other => Some(other.to_string()),
    }
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| before.matches('\n').count() + 1);
    let message = error.message().replace('\n', ", ");
    line.map_or_else(|| message.clone(), |line| format!("line {line}: {message}"))
}

fn nearest(key: &str, known: &[&str]) -> Option<String> {
    let folded = key.to_ascii_lowercase().replace('-', "_");
    let alike = known.iter().map(|known| (strsim::damerau_levenshtein(&folded, known), *known));
    let (distance, nearest) = alike.min()?;
    (distance <= nearest.len() / 2).then(|| nearest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["data_dir", "listen", "max_connections"];

    fn parse(text: &str) -> Result<SettingsFile, String> {
        SettingsFile::parse(text, Path::new("b.toml"), KNOWN).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        assert_eq!(
            parse("lissten = \"x\"").unwrap_err(),
            "b.toml: unknown key `lissten`; did you mean `listen`?"
        );
        assert_eq!(
            parse("data-dir = \"x\"").unwrap_err(),
            "b.toml: unknown key `data-dir`; did you mean `data_dir`?"
        );
        assert_eq!(parse("zzz = 1").unwrap_err(), "b.toml: unknown key `zzz`");
        assert_eq!(parse("[server]\nlisten = \"x\"").unwrap_err(), "b.toml: unknown key `server`");
    }

    #[test]
    fn broken_toml_names_the_line() {
        assert!(
            parse("listen = \"x\"\nmax_connections = ")
                .unwrap_err()
                .starts_with("b.toml: line 2: ")
        );
    }

    #[test]
    fn values_are_read_like_flags() {
        let file = parse("max_connections = 5\nlisten = [\"a\", \"b\"]").unwrap();
        assert_eq!(file.get::<u32>("max_connections").unwrap(), Some(5));
        assert_eq!(file.get::<String>("listen").unwrap().as_deref(), Some("a,b"));
        assert_eq!(file.get::<String>("data_dir").unwrap(), None);
        let error = file.get::<bool>("max_connections").unwrap_err().to_string();
        assert!(error.starts_with("b.toml: max_connections: "), "{error}");
    }
}
