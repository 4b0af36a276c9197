//! The search folding's treatment of marks.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

use super::{NFC, NFD};

/// Letters of their own: a base letter and the mark that makes another letter of it. Every other mark is ignored.
const LETTERS: [(char, char, char); 3] =
    [('a', '\u{30a}', 'å'), ('a', '\u{308}', 'ä'), ('o', '\u{308}', 'ö')];

/// Letters of neighbouring alphabets that a Swedish reader looks for under one of their own.
const NEIGHBOURS: [(char, char); 2] = [('æ', 'ä'), ('ø', 'ö')];

/// Leaves out the marks of a case-folded text (Unicode's general category M) except on å, ä and ö.
pub(super) fn without(folded: &str) -> String {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let decomposed = NFD.normalize(folded);
    let mut kept = String::with_capacity(folded.len());
    // The base letter just kept, as long as no mark made another letter of it.
    let mut base = None;
    for c in decomposed.chars() {
        if GeneralCategoryGroup::Mark.contains(categories.get(c)) {
            if let Some(letter) = base.and_then(|base| letter(base, c)) {
                kept.pop();
                kept.push(letter);
                base = None;
            }
        } else {
            kept.push(NEIGHBOURS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to));
            base = Some(c);
        }
    }
    // Decomposed syllables of Hangul and the like come together again.
    NFC.normalize(&kept).into_owned()
}

fn letter(base: char, mark: char) -> Option<char> {
    LETTERS.iter().find(|(b, m, _)| (*b, *m) == (base, mark)).map(|(_, _, letter)| *letter)
}
