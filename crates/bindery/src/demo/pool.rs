//! The bytes of the demonstration: at most 300 files that it makes itself, and six that came with it. The first
//! documents get files of their own; the others share them.

use std::collections::HashMap;

use super::drawing::{Drawing, View};
use super::letter::{self, Letter};
use super::rng::Rng;

/// Most drawings, letters and photo sheets: 300 files together.
const DRAWINGS: usize = 220;
const LETTERS: usize = 56;
const PHOTOS: usize = 24;

/// The files that came with it; see `assets/demo/README.md`.
const GIVEN: [&[u8]; 6] = [
    include_bytes!("../../assets/demo/A-40.1-1100.pdf"),
    include_bytes!("../../assets/demo/A-40.1-1100_bet-A.pdf"),
    include_bytes!("../../assets/demo/ritningsforteckning.xlsx"),
    include_bytes!("../../assets/demo/ritningsforteckning.xml"),
    include_bytes!("../../assets/demo/reviderad-planritning.eml"),
    include_bytes!("../../assets/demo/leverans-A-handlingar.zip"),
];

/// What a file is made from.
pub(crate) enum Sheet {
    /// One that came with the demonstration.
    Given(usize),
    /// A drawing.
    Drawing(Box<Drawing>),
    /// A page of text.
    Letter(Letter),
    /// A sheet of photographs.
    Photos(Letter),
}

/// The files, in the order in which documents asked for them first.
#[derive(Default)]
pub(crate) struct Pool {
    /// The files.
    pub(crate) sheets: Vec<Sheet>,
    drawings: HashMap<View, Vec<usize>>,
    letters: Vec<usize>,
    photos: Vec<usize>,
    given: HashMap<usize, usize>,
}

impl Sheet {
    /// The bytes.
    pub(crate) fn render(&self) -> Vec<u8> {
        match self {
            Self::Given(index) => GIVEN[*index].to_vec(),
            Self::Drawing(drawing) => drawing.render(),
            Self::Letter(letter) => letter.render(),
            Self::Photos(letter) => letter::photo_sheet(letter),
        }
    }
}

impl Pool {
    /// Whether no further file will come; the files that came with the demonstration aside.
    pub(crate) fn is_full(&self) -> bool {
        let drawings: usize = self.drawings.values().map(Vec::len).sum();
        (drawings, self.letters.len(), self.photos.len()) == (DRAWINGS, LETTERS, PHOTOS)
            && self.given.len() == GIVEN.len()
    }

    /// A file that came with the demonstration.
    pub(crate) fn given(&mut self, index: usize) -> usize {
        let place = self.sheets.len();
        let found = *self.given.entry(index).or_insert(place);
        if found == place {
            self.sheets.push(Sheet::Given(index));
        }
        found
    }

    /// A drawing of a view: its own while there is room, else one of those with that view. Every view comes among the
    /// first drawings.
    pub(crate) fn drawing(
        &mut self,
        view: View,
        sheet: impl FnOnce() -> Sheet,
        rng: &mut Rng,
    ) -> usize {
        let count: usize = self.drawings.values().map(Vec::len).sum();
        let same = self.drawings.entry(view).or_default();
        if count < DRAWINGS {
            same.push(self.sheets.len());
            self.sheets.push(sheet());
            return self.sheets.len() - 1;
        }
        *rng.pick(same)
    }

    /// A page of text, or the file of an extension.
    pub(crate) fn letter(
        &mut self,
        extension: &str,
        sheet: impl FnOnce() -> Sheet,
        rng: &mut Rng,
    ) -> usize {
        match extension {
            "xlsx" => self.given(2),
            "xml" => self.given(3),
            "eml" => self.given(4),
            "zip" => self.given(5),
            _ => own_or_shared(&mut self.sheets, &mut self.letters, LETTERS, sheet, rng),
        }
    }

    /// A sheet of photographs.
    pub(crate) fn photos(&mut self, sheet: impl FnOnce() -> Sheet, rng: &mut Rng) -> usize {
        own_or_shared(&mut self.sheets, &mut self.photos, PHOTOS, sheet, rng)
    }
}

fn own_or_shared(
    sheets: &mut Vec<Sheet>,
    same: &mut Vec<usize>,
    most: usize,
    sheet: impl FnOnce() -> Sheet,
    rng: &mut Rng,
) -> usize {
    if same.len() < most {
        same.push(sheets.len());
        sheets.push(sheet());
        return sheets.len() - 1;
    }
    *rng.pick(same)
}
