//! What was drawn, and the page that it fits on.

use std::fmt::Write as _;

use image::RgbImage;

use super::colour;
use super::curves::{Place, Point};
use super::lettering::{Across, LINE, Text};
use crate::render::drawing::{Drawing, SANS, escape};

/// Points of all strokes; a drawing with more is shown as far as it was read.
const MOST_POINTS: usize = 1_000_000;
const MOST_TEXTS: usize = 20_000;
/// A drawing knows no paper: its long edge becomes that of A3.
const LONG_EDGE_PT: f64 = 1190.55;
/// White around it.
const MARGIN_PT: f64 = 14.0;
/// Width of all lines; on a small picture they are as wide as nearly a pixel, or they would fade away.
const LINE_PT: f64 = 0.6;
const LINE_PX: f64 = 0.8;
/// Capital letters are this share of a font's size.
const CAPITALS: f64 = 0.729;
/// Letters that are lower than this cannot be read on the largest picture.
const LOWEST_PT: f64 = 0.4;
/// Points of one of the drawing's units.
const POINTS_PER_PIXEL: f64 = 0.75;

/// Strokes, areas and texts in the drawing's own units.
#[derive(Debug, Default)]
pub(super) struct Picture {
    lines: Vec<Line>,
    texts: Vec<(Text, Place, i64)>,
    points: usize,
    bounds: Option<(Point, Point)>,
}

#[derive(Debug)]
struct Line {
    points: Vec<Point>,
    colour: i64,
    is_filled: bool,
}

impl Picture {
    /// Whether there is room for no more.
    pub(super) fn is_full(&self) -> bool {
        self.points >= MOST_POINTS
    }

    /// Adds a stroke through the points.
    pub(super) fn stroke(&mut self, points: &[Point], colour: i64) {
        self.add(points, colour, false);
    }

    /// Adds a filled area.
    pub(super) fn fill(&mut self, points: &[Point], colour: i64) {
        self.add(points, colour, true);
    }

    fn add(&mut self, points: &[Point], colour: i64, is_filled: bool) {
        let is_drawable = points.iter().all(|(x, y)| x.is_finite() && y.is_finite());
        if points.len() < 2 || !is_drawable || self.is_full() {
            return;
        }
        points.iter().for_each(|point| self.reach(*point));
        self.points += points.len();
        self.lines.push(Line { points: points.to_vec(), colour, is_filled });
    }

    /// Adds a text; its place turns and scales it.
    pub(super) fn write(&mut self, text: Text, place: &Place, colour: i64) {
        let at = place.of(text.at);
        if self.texts.len() < MOST_TEXTS && at.0.is_finite() && at.1.is_finite() {
            self.reach(at);
            self.texts.push((text, *place, colour));
        }
    }

    fn reach(&mut self, (x, y): Point) {
        let (low, high) = self.bounds.unwrap_or(((x, y), (x, y)));
        self.bounds = Some(((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y))));
    }

    /// All lines of text.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().flat_map(|(text, ..)| text.lines.iter().map(String::as_str))
    }

    /// Width and height of the page in points; nothing where nothing was drawn.
    pub(super) fn size(&self) -> Option<(f64, f64)> {
        let (scale, width, height) = self.frame()?;
        Some((width * scale + 2.0 * MARGIN_PT, height * scale + 2.0 * MARGIN_PT))
    }

    /// Points for each unit, and the extent in units.
    fn frame(&self) -> Option<(f64, f64, f64)> {
        let (low, high) = self.bounds?;
        let (width, height) = (high.0 - low.0, high.1 - low.1);
        let long = width.max(height);
        let is_drawable = long.is_finite() && long > 0.0;
        is_drawable.then(|| ((LONG_EDGE_PT - 2.0 * MARGIN_PT) / long, width, height))
    }

    /// Draws it. `factor`: from points to pixels.
    pub(super) fn draw(&self, factor: f64) -> Option<RgbImage> {
        Drawing::parse(self.svg(LINE_PT.max(LINE_PX / factor))?.as_bytes())?
            .draw(factor * POINTS_PER_PIXEL)
    }

    fn svg(&self, line_pt: f64) -> Option<String> {
        let (width, height) = self.size()?;
        let (scale, ..) = self.frame()?;
        let (low, high) = self.bounds?;
        let to_page = Place {
            a: scale,
            d: -scale,
            e: MARGIN_PT - low.0 * scale,
            f: MARGIN_PT + high.1 * scale,
            ..Place::default()
        };
        let mut svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{width}pt' height='{height}pt' \
             viewBox='0 0 {width} {height}' font-family='{SANS}' stroke-width='{line_pt}' \
             stroke-linecap='round' stroke-linejoin='round' fill='none'>"
        );
        for line in &self.lines {
            write_line(&mut svg, line, &to_page)?;
        }
        for (text, place, colour) in &self.texts {
            write_text(&mut svg, text, &to_page.then(place), *colour)?;
        }
        svg.push_str("</svg>");
        Some(svg)
    }
}

fn write_line(svg: &mut String, line: &Line, to_page: &Place) -> Option<()> {
    let [red, green, blue] = colour::rgb(line.colour);
    let what = if line.is_filled { "fill" } else { "stroke" };
    write!(svg, "<path {what}='rgb({red},{green},{blue})' d='").ok()?;
    for (index, point) in line.points.iter().enumerate() {
        let (x, y) = to_page.of(*point);
        write!(svg, "{}{x:.2} {y:.2}", if index == 0 { 'M' } else { 'L' }).ok()?;
    }
    svg.push_str("'/>");
    Some(())
}

fn write_text(svg: &mut String, text: &Text, to_page: &Place, colour: i64) -> Option<()> {
    let [red, green, blue] = colour::rgb(colour);
    let anchor = match text.across {
        Across::Right => "start",
        Across::Centred => "middle",
        Across::Left => "end",
    };
    // Letters stand upright in the drawing, whose y runs up, and the page's runs down.
    let (sin, cos) = text.turn.sin_cos();
    let upright = Place { a: cos, b: sin, c: sin, d: -cos, e: text.at.0, f: text.at.1 };
    let Place { a, b, c, d, e, f } = to_page.then(&upright);
    let height_pt = text.height * (c * c + d * d).sqrt();
    if !height_pt.is_finite() || height_pt < LOWEST_PT {
        return Some(());
    }
    let size = text.height / CAPITALS;
    write!(
        svg,
        "<g transform='matrix({a} {b} {c} {d} {e:.3} {f:.3})' font-size='{size}' \
         text-anchor='{anchor}' fill='rgb({red},{green},{blue})' stroke='none'>"
    )
    .ok()?;
    let mut foot = text.drop * text.height;
    for line in &text.lines {
        write!(svg, "<text y='{foot}'>{}</text>", escape(line)).ok()?;
        foot += LINE * text.height;
    }
    svg.push_str("</g>");
    Some(())
}
