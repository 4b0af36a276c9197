//! The three foldings of a name, all computed here because the databases' own differ on å, ä and ö.
//!
//! - [`identity`] decides whether two names are the same;
//! - [`search`] decides whether a term occurs in a name;
//! - [`order`] decides which of two names comes first.
//!
//! Their results are stored. Whoever changes one, also by a newer version of a library, needs a migration that makes the
//! stored ones anew: nothing else would.

mod marks;
mod swedish;

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
const CASES: CaseMapperBorrowed<'static> = CaseMapper::new();

/// Normalization form C: the form in which every text is stored and answered.
#[must_use]
pub fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { NFC.normalize(text).into_owned() }
}

/// What two names have in common when they are the same name: NFC after full Unicode case folding.
///
/// `é` and `e` differ here, `ß` and `SS` do not.
#[must_use]
pub fn identity(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Normalized before as well, so that the two ways to write a letter fold alike.
    NFC.normalize(&CASES.fold_string(&NFC.normalize(text))).into_owned()
}

/// What search terms are compared with: [`identity`] without marks, where å, ä and ö are letters of their own.
#[must_use]
pub fn search(text: &str) -> String {
    let identity = identity(text);
    if identity.is_ascii() { identity } else { marks::without(&identity) }
}

/// Key whose bytes compare as Swedish order does, without regard to case.
#[must_use]
pub fn order(text: &str) -> Vec<u8> {
    swedish::sort_key(text)
}

#[cfg(test)]
mod tests;
