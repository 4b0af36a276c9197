//! A small PDF writer for the demonstration's files: lines, areas and text in millimetres on one or more pages.
//!
//! The same calls give the same bytes: nothing of the clock or of chance is in them.

mod widths;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// Points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;
/// Control distance of a quarter circle's Bézier curve.
const QUARTER: f32 = 0.552_284_8;

/// The two faces, both among the fonts that every reader has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
}

/// Where a text stands in relation to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// Grey from 0 (black) to 1 (white), or a colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    Grey(f32),
    Rgb(f32, f32, f32),
}

/// Black.
pub(crate) const BLACK: Ink = Ink::Grey(0.0);

/// One page in the making; the origin is at its lower left corner.
pub(crate) struct Page {
    /// Width in millimetres.
    pub(crate) width: f32,
    /// Height in millimetres.
    pub(crate) height: f32,
    content: Content,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(width: f32, height: f32) -> Self {
        let mut content = Content::new();
        content.set_line_cap(LineCapStyle::RoundCap);
        Self { width, height, content }
    }

    /// Sets pen and ink of the strokes that follow.
    pub(crate) fn pen(&mut self, width_mm: f32, ink: Ink) -> &mut Self {
        self.content.set_line_width(width_mm * POINTS);
        match ink {
            Ink::Grey(grey) => self.content.set_stroke_gray(grey),
            Ink::Rgb(r, g, b) => self.content.set_stroke_rgb(r, g, b),
        };
        self
    }

    /// Sets the ink of the areas and texts that follow.
    pub(crate) fn fill(&mut self, ink: Ink) -> &mut Self {
        match ink {
            Ink::Grey(grey) => self.content.set_fill_gray(grey),
            Ink::Rgb(r, g, b) => self.content.set_fill_rgb(r, g, b),
        };
        self
    }

    /// Strokes that follow are dashed; an empty pattern ends that.
    pub(crate) fn dash(&mut self, pattern_mm: &[f32]) -> &mut Self {
        self.content.set_dash_pattern(pattern_mm.iter().map(|mm| mm * POINTS), 0.0);
        self
    }

    /// A line.
    pub(crate) fn line(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) -> &mut Self {
        self.content.move_to(x1 * POINTS, y1 * POINTS).line_to(x2 * POINTS, y2 * POINTS).stroke();
        self
    }

    /// A line through several points.
    pub(crate) fn path(&mut self, points: &[(f32, f32)]) -> &mut Self {
        let mut points = points.iter();
        if let Some((x, y)) = points.next() {
            self.content.move_to(x * POINTS, y * POINTS);
            for (x, y) in points {
                self.content.line_to(x * POINTS, y * POINTS);
            }
            self.content.stroke();
        }
        self
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, x: f32, y: f32, width: f32, height: f32) -> &mut Self {
        self.content.rect(x * POINTS, y * POINTS, width * POINTS, height * POINTS).stroke();
        self
    }

    /// A filled rectangle.
    pub(crate) fn area(&mut self, x: f32, y: f32, width: f32, height: f32) -> &mut Self {
        self.content.rect(x * POINTS, y * POINTS, width * POINTS, height * POINTS).fill_nonzero();
        self
    }

    /// The outline of a circle.
    pub(crate) fn circle(&mut self, x: f32, y: f32, radius: f32) -> &mut Self {
        self.content.move_to((x + radius) * POINTS, y * POINTS);
        for (from, to) in
            [((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0))]
        {
            self.quarter((x, y), radius, from, to);
        }
        self.content.stroke();
        self
    }

    /// A quarter of a circle between two of the directions (1,0), (0,1), (-1,0) and (0,-1).
    pub(crate) fn arc(
        &mut self,
        center: (f32, f32),
        radius: f32,
        from: (i8, i8),
        to: (i8, i8),
    ) -> &mut Self {
        let start = along(center, radius, from);
        self.content.move_to(start.0 * POINTS, start.1 * POINTS);
        self.quarter(center, radius, from, to);
        self.content.stroke();
        self
    }

    /// A text of a height in millimetres (of its capital letters).
    pub(crate) fn text(
        &mut self,
        face: Face,
        height_mm: f32,
        align: Align,
        at: (f32, f32),
        text: &str,
    ) -> &mut Self {
        self.text_turned(face, height_mm, align, at, text, false)
    }

    /// A text that runs upwards.
    pub(crate) fn text_up(
        &mut self,
        height_mm: f32,
        align: Align,
        at: (f32, f32),
        text: &str,
    ) -> &mut Self {
        self.text_turned(Face::Regular, height_mm, align, at, text, true)
    }

    fn text_turned(
        &mut self,
        face: Face,
        height_mm: f32,
        align: Align,
        at: (f32, f32),
        text: &str,
        is_up: bool,
    ) -> &mut Self {
        // Capitals of this face are 0.718 of its size.
        let size = height_mm * POINTS / 0.718;
        let bytes = win_ansi(text);
        let width = widths::of(face, &bytes) * size;
        let shift = match align {
            Align::Left => 0.0,
            Align::Center => -width / 2.0,
            Align::Right => -width,
        };
        let (x, y) = (at.0 * POINTS, at.1 * POINTS);
        let matrix = if is_up {
            [0.0, 1.0, -1.0, 0.0, x, y + shift]
        } else {
            [1.0, 0.0, 0.0, 1.0, x + shift, y]
        };
        let name = match face {
            Face::Regular => Name(b"F1"),
            Face::Bold => Name(b"F2"),
        };
        self.content.begin_text().set_font(name, size).set_text_matrix(matrix);
        self.content.show(Str(&bytes)).end_text();
        self
    }

    fn quarter(&mut self, center: (f32, f32), radius: f32, from: (i8, i8), to: (i8, i8)) {
        let (start, end) = (along(center, radius, from), along(center, radius, to));
        let first = along(start, radius * QUARTER, to);
        let second = along(end, radius * QUARTER, from);
        self.content.cubic_to(
            first.0 * POINTS,
            first.1 * POINTS,
            second.0 * POINTS,
            second.1 * POINTS,
            end.0 * POINTS,
            end.1 * POINTS,
        );
    }
}

/// Puts the pages into one file.
pub(crate) fn finish(title: &str, author: &str, pages: Vec<Page>) -> Vec<u8> {
    let mut next = 0;
    let mut new_ref = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, info, regular, bold) =
        (new_ref(), new_ref(), new_ref(), new_ref(), new_ref());
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (new_ref(), new_ref())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("sv"));
    pdf.pages(tree)
        .kids(ids.iter().map(|(page, _)| *page))
        .count(i32::try_from(ids.len()).unwrap_or(0));
    pdf.document_info(info)
        .title(TextStr(title))
        .author(TextStr(author))
        .creator(TextStr("Bindery, demonstration"));
    for (font, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (page, (page_ref, content_ref)) in pages.into_iter().zip(ids) {
        let mut writer = pdf.page(page_ref);
        writer.parent(tree).contents(content_ref);
        writer.media_box(Rect::new(0.0, 0.0, page.width * POINTS, page.height * POINTS));
        writer.resources().fonts().pair(Name(b"F1"), regular).pair(Name(b"F2"), bold);
        writer.finish();
        let bytes = compress_to_vec_zlib(&page.content.finish(), 6);
        pdf.stream(content_ref, &bytes).filter(Filter::FlateDecode);
    }
    pdf.finish()
}

fn along(from: (f32, f32), distance: f32, direction: (i8, i8)) -> (f32, f32) {
    (from.0 + distance * f32::from(direction.0), from.1 + distance * f32::from(direction.1))
}

/// The text in the encoding of the built-in fonts; what it lacks loses its marks or becomes a question mark.
fn win_ansi(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        '–' => 0x96,
        '—' => 0x97,
        '’' => 0x92,
        '”' => 0x94,
        '•' => 0x95,
        '…' => 0x85,
        'ż' => b'z',
        _ => b'?',
    };
    text.chars().map(byte).collect()
}
