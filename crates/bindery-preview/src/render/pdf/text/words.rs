//! Glyphs become words: letters that follow each other closely on one line.

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::kurbo::{Affine, Point, Rect, Vec2};

use crate::Word;

/// Glyphs are drawn on a square of this many units.
const UNITS: f64 = 1000.0;
/// The box of a letter reaches from a little below the line to a little below the square's top.
const BELOW: f64 = -200.0;
const ABOVE: f64 = 800.0;
/// Advance of a glyph that does not tell its own.
const USUAL_ADVANCE: f32 = 500.0;
/// How far a letter may stand from the end of the one before, in parts of the letter's height: along the line forward
/// (a quarter is a narrow space), backward (kerning, accents), and across.
const FORWARD: f64 = 0.22;
const BACKWARD: f64 = 0.6;
const ACROSS: f64 = 0.3;
/// Letters of a word; what is longer is cut and goes on as another word.
const LONGEST: usize = 200;

/// Collects words.
#[derive(Default)]
pub(super) struct Words {
    done: Vec<Word>,
    open: Option<Open>,
}

/// A word in the making.
struct Open {
    text: String,
    area: Rect,
    /// Where the next letter is expected.
    end: Point,
}

impl Words {
    /// Adds a glyph. `transform`: from the glyph's square to points of the page.
    pub(super) fn add(&mut self, glyph: &Glyph<'_>, transform: Affine, is_again: bool) {
        // A glyph may stand for nothing, or for whole words.
        let Some(text) = letters(glyph) else {
            return;
        };
        for (index, piece) in text.split(char::is_whitespace).enumerate() {
            if index > 0 {
                self.close();
            }
            if !piece.is_empty() {
                self.add_piece(piece, advance(glyph), transform, is_again);
            }
        }
    }

    fn add_piece(&mut self, piece: &str, advance: f64, transform: Affine, is_again: bool) {
        let begin = transform * Point::ZERO;
        let end = transform * Point::new(advance, 0.0);
        let area = transform.transform_rect_bbox(Rect::new(0.0, BELOW, advance, ABOVE));
        if !area.is_finite() || (is_again && self.has_just_passed(begin)) {
            return;
        }
        let height = (transform * Point::new(0.0, UNITS) - begin).hypot();
        match &mut self.open {
            Some(open) if open.goes_on_at(begin, end - begin, height) => {
                open.text.push_str(piece);
                open.area = open.area.union(area);
                open.end = end;
            }
            _ => {
                self.close();
                self.open = Some(Open { text: piece.to_owned(), area, end });
            }
        }
    }

    /// All words.
    pub(super) fn finish(mut self) -> Vec<Word> {
        self.close();
        self.done
    }

    fn close(&mut self) {
        if let Some(Open { text, area, .. }) = self.open.take() {
            let [x, y, width, height] =
                [area.x0, area.y0, area.width(), area.height()].map(hundredths);
            self.done.push(Word { text, x, y, width, height });
        }
    }

    fn has_just_passed(&self, begin: Point) -> bool {
        self.open.as_ref().is_some_and(|open| {
            let margin = open.area.inflate(1.0, 1.0);
            margin.contains(begin) && (open.end - begin).hypot() > f64::EPSILON
        })
    }
}

impl Open {
    fn goes_on_at(&self, begin: Point, advance: Vec2, height: f64) -> bool {
        let length = advance.hypot();
        if length <= f64::EPSILON || self.text.len() >= LONGEST {
            return self.text.len() < LONGEST;
        }
        let direction = advance / length;
        let gap = begin - self.end;
        let along = gap.dot(direction);
        let across = gap.cross(direction).abs();
        along < FORWARD * height && along > -BACKWARD * height && across < ACROSS * height
    }
}

/// What the glyph means, without control characters but those that are space.
fn letters(glyph: &Glyph<'_>) -> Option<String> {
    let text = match glyph.as_unicode()? {
        BfString::Char(letter) => letter.to_string(),
        BfString::String(text) => text,
    };
    let shown: String =
        text.chars().filter(|letter| !letter.is_control() || letter.is_whitespace()).collect();
    (!shown.is_empty()).then_some(shown)
}

fn advance(glyph: &Glyph<'_>) -> f64 {
    let told = match glyph {
        Glyph::Outline(glyph) => glyph.advance_width(),
        Glyph::Type3(glyph) => glyph.advance_width(),
    };
    let told = told.filter(|advance| advance.is_finite() && *advance > 0.0);
    f64::from(told.unwrap_or(USUAL_ADVANCE))
}

/// A hundredth of a point is finer than a printer.
fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
