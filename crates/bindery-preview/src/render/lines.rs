//! Lines of text on A4 sheets: plain text, tables, mails, lists.

mod layout;

use std::fmt::Write as _;
use std::io;

use super::drawing::{Drawing, MONO, escape};
use super::sheet::{self, Sheet};
use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::{Outcome, PageSize, PageText, Task};
use layout::Row;

/// A4 in points.
const WIDTH_PT: f64 = 595.28;
const HEIGHT_PT: f64 = 841.89;
/// White around the text: 15 millimetres.
const MARGIN_PT: f64 = 42.52;
/// Size of the letters.
const LETTER_PT: f64 = 9.0;
/// Width of a letter: all are equal in this face.
const ADVANCE_PT: f64 = LETTER_PT * 1233.0 / 2048.0;
/// From line to line.
const LINE_PT: f64 = 12.0;
/// How much of a line is above the letters' foot.
const ASCENT_PT: f64 = 8.4;
/// Points of one of the drawing's units.
const POINTS_PER_PIXEL: f64 = 0.75;

/// One line, before it is broken to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) style: Style,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// Bold, by a second stroke: a face of its own would double the size of the program's fonts.
    Heading,
}

impl Line {
    /// A plain line.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Plain }
    }

    /// A heading.
    pub(super) fn heading(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Heading }
    }
}

/// Sends lines as pages, with their text.
pub(super) fn render(order: &Order, lines: &[Line], sink: &mut Sink) -> io::Result<Outcome> {
    let all_pages = layout::pages(lines);
    let kept = all_pages.len().min(order.pages as usize);
    let pages = &all_pages[..kept];
    let draws: Vec<_> = pages.iter().map(|rows| move |factor: f64| draw(rows, factor)).collect();
    let sheets: Vec<_> = (1..)
        .zip(&draws)
        .map(|(number, draw)| Sheet {
            size: PageSize { number, width_pt: WIDTH_PT, height_pt: HEIGHT_PT },
            draw,
        })
        .collect();
    let outcome = sheet::send(order, &sheets, sink)?;
    if order.request.task == Task::Overview {
        for (number, rows) in (1..).zip(pages) {
            let words = layout::words(rows);
            if !words.is_empty() {
                sink.send(&Frame::Text(PageText { number, words }))?;
            }
        }
        if kept < all_pages.len() {
            sink.text_is_incomplete();
        }
    }
    Ok(outcome)
}

fn draw(rows: &[Row], factor: f64) -> Option<image::RgbImage> {
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH_PT}pt' height='{HEIGHT_PT}pt' \
         viewBox='0 0 {WIDTH_PT} {HEIGHT_PT}' font-family='{MONO}' font-size='{LETTER_PT}'>"
    );
    for (index, row) in rows.iter().enumerate() {
        if row.text.trim().is_empty() {
            continue;
        }
        let foot = MARGIN_PT + layout::offset(index) + ASCENT_PT;
        let bold = match row.style {
            Style::Plain => "",
            Style::Heading => " stroke='black' stroke-width='0.4'",
        };
        let text = escape(&row.text);
        write!(svg, "<text x='{MARGIN_PT}' y='{foot}' xml:space='preserve'{bold}>{text}</text>")
            .ok()?;
    }
    svg.push_str("</svg>");
    Drawing::parse(svg.as_bytes())?.draw(factor * POINTS_PER_PIXEL)
}
