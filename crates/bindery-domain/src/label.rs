//! The version label people see.

use crate::{FieldErrors, fold};

/// The most characters that a label has.
const LONGEST: usize = 64;
/// The most digits of a label that counts as a whole number: what fits 64 bits whatever the digits are.
const MOST_DIGITS: usize = 18;

/// The label of a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLabel {
    /// The label as it is stored and answered: as it was given, character for character.
    pub text: String,
    /// The greatest whole-number label of the document from now on; 0 when there is none.
    pub greatest: i64,
}

impl VersionLabel {
    /// Chooses the label from what the commit gave as `version` and as `GLOBAL_Version`. Where neither is given, it is
    /// one more than the greatest whole-number label of the document so far (0 when there is none).
    ///
    /// # Errors
    /// Under `version`, when it is too long, or both are given and differ.
    pub fn choose(
        version: Option<&str>,
        global_version: Option<&str>,
        greatest: i64,
    ) -> Result<Self, FieldErrors> {
        let version = version.filter(|label| !label.is_empty());
        let global_version = global_version.filter(|label| !label.is_empty());
        for label in [version, global_version].into_iter().flatten() {
            check(label).map_err(|message| FieldErrors::one("version", message))?;
        }
        let text = match (version, global_version) {
            (Some(version), Some(global)) if fold::nfc(version) != fold::nfc(global) => {
                return Err(FieldErrors::one(
                    "version",
                    "differs from GLOBAL_Version in additionalMetadata",
                ));
            }
            (Some(label), _) | (None, Some(label)) => label.to_owned(),
            (None, None) => (greatest + 1).to_string(),
        };
        let greatest = whole_number(&text).map_or(greatest, |number| greatest.max(number));
        Ok(Self { text, greatest })
    }
}

/// Whether a given label can be one.
pub(crate) fn check(label: &str) -> Result<(), String> {
    if label.contains('\0') {
        return Err("may not contain the character U+0000".to_owned());
    }
    let length = fold::nfc(label).chars().count();
    if length > LONGEST {
        return Err(format!("may have at most {LONGEST} characters, has {length}"));
    }
    Ok(())
}

fn whole_number(label: &str) -> Option<i64> {
    let is_whole =
        (1..=MOST_DIGITS).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_digit());
    if is_whole { label.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
