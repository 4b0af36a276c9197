//! One drawing of the demonstration as a PDF: a sheet with frame, title block and a content of its own, all drawn
//! from its number, so that the same number and revision always give the same bytes.

mod elevation;
mod plan;
mod schedule;
mod schematic;
mod sheet;

use super::pdf::{self, Page};
use super::rng::Rng;

/// What a drawing shows: the vocabulary's *redovisningssätt*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum View {
    Plan,
    Section,
    Facade,
    Elevations,
    Schematic,
    Detail,
    Schedule,
}

/// All that a drawing is made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    /// `A-40.1-1100`.
    pub(crate) number: String,
    /// `Hus 1, plan 1, planritning`.
    pub(crate) title: String,
    pub(crate) view: View,
    /// Code and Swedish name of the *ansvarig part*.
    pub(crate) discipline: (&'static str, &'static str),
    /// The binder's name: `Kv. Björken 4, nybyggnad skola`.
    pub(crate) project: String,
    pub(crate) owner: String,
    /// Status of the drawing: `Bygghandling`.
    pub(crate) status: String,
    pub(crate) scale: String,
    /// `A1` or `A3`.
    pub(crate) is_large: bool,
    pub(crate) firm: String,
    pub(crate) responsible: String,
    /// Letter, text and date of each revision, oldest first; none for the first issue.
    pub(crate) revisions: Vec<(String, String, String)>,
    pub(crate) date: String,
}

/// The part of the sheet that a content may fill, in millimetres.
#[derive(Debug, Clone, Copy)]
struct Field {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Drawing {
    /// The file.
    pub(crate) fn render(&self) -> Vec<u8> {
        let (width, height) = if self.is_large { (841.0, 594.0) } else { (420.0, 297.0) };
        let mut page = Page::new(width, height);
        let field = sheet::draw(&mut page, self);
        // The content keeps its shape from issue to issue; only what a revision changed differs.
        let mut rng = Rng::of(&self.number);
        match self.view {
            View::Plan => plan::draw(&mut page, field, self, &mut rng),
            View::Section | View::Facade => elevation::draw(&mut page, field, self, &mut rng),
            View::Elevations => schedule::draw_doors(&mut page, field, self, &mut rng),
            View::Schematic => schematic::draw(&mut page, field, self, &mut rng),
            View::Detail => elevation::draw_detail(&mut page, field, &mut rng),
            View::Schedule => schedule::draw(&mut page, field, &mut rng),
        }
        pdf::finish(&format!("{} {}", self.number, self.title), &self.firm, vec![page])
    }

    /// The latest revision's letter; empty for the first issue.
    fn revision(&self) -> &str {
        self.revisions.last().map_or("", |(letter, ..)| letter)
    }

    /// Sizes grow with the sheet.
    fn unit(&self) -> f32 {
        if self.is_large { 1.0 } else { 0.62 }
    }
}

#[cfg(test)]
mod tests;
