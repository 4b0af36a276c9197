//! The text of pages, word by word.

mod words;

use std::io;

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{BezPath, Rect};

use crate::child::{Order, Sink};
use crate::frames::Frame;
use crate::{PageText, Word};
use words::Words;

/// Words of a whole file; a book of 500 pages has half as many.
const MOST_WORDS: usize = 400_000;

/// Sends the text of the pages, as far as the limits go. Pages without text are left out.
pub(super) fn send_all(order: &Order, pdf: &Pdf, sink: &mut Sink) -> io::Result<()> {
    let reader = Reader::default();
    let mut words_left = MOST_WORDS;
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        if number > order.pages || words_left == 0 || !sink.has_time() {
            sink.text_is_incomplete();
            return Ok(());
        }
        let mut words = reader.words(page);
        if words.len() > words_left {
            words.truncate(words_left);
            sink.text_is_incomplete();
        }
        words_left -= words.len();
        if !words.is_empty() {
            sink.send(&Frame::Text(PageText { number, words }))?;
        }
    }
    Ok(())
}

/// Reads pages of one file; fonts are read once.
#[derive(Default)]
struct Reader<'a> {
    cache: InterpreterCache<'a>,
    settings: InterpreterSettings,
}

impl<'a> Reader<'a> {
    fn words(&self, page: &'a Page<'a>) -> Vec<Word> {
        let (width, height) = page.render_dimensions();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            &self.cache,
            page.xref(),
            self.settings.clone(),
        );
        let mut listener = Listener(Words::default());
        interpret_page(page, &mut context, &mut listener);
        listener.0.finish()
    }
}

/// Hears of glyphs and lets everything else pass.
struct Listener(Words);

impl Device<'_> for Listener {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, mode: &DrawMode) {
        // Text that is filled and stroked comes twice, the second time as strokes; stroked alone it is rare.
        let is_again = matches!(mode, DrawMode::Stroke(_));
        for glyph in run.glyphs() {
            self.0.add(glyph, props.transform * glyph.transform(), is_again);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
