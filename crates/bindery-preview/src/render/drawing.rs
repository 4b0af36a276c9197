//! Drawings described as SVG: those that people store, and those that are made here of text and of CAD files.

use std::sync::Arc;

use image::RgbImage;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use crate::scale;

/// The two faces that are part of the program; the child cannot open any other.
pub(super) const SANS: &str = "DejaVu Sans";
pub(super) const MONO: &str = "DejaVu Sans Mono";
const SANS_BYTES: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");
const MONO_BYTES: &[u8] = include_bytes!("../../assets/fonts/DejaVuSansMono.ttf");

/// A drawing that was understood.
pub(super) struct Drawing(Tree);

impl Drawing {
    /// Reads an SVG, compressed or not. Nothing outside of it is followed.
    pub(super) fn parse(svg: &[u8]) -> Option<Self> {
        let options = Options {
            font_family: SANS.to_owned(),
            fontdb: Arc::new(fonts()),
            image_href_resolver: ImageHrefResolver {
                resolve_data: ImageHrefResolver::default_data_resolver(),
                resolve_string: Box::new(|_, _| None),
            },
            ..Options::default()
        };
        Tree::from_data(svg, &options).ok().map(Self)
    }

    /// Width and height in the drawing's own units (CSS pixels).
    pub(super) fn size(&self) -> (f64, f64) {
        let size = self.0.size();
        (f64::from(size.width()), f64::from(size.height()))
    }

    /// Draws it on white paper. `factor`: from its units to pixels.
    pub(super) fn draw(&self, factor: f64) -> Option<RgbImage> {
        let (width, height) = self.size();
        let (width, height) = (scale::whole(width * factor), scale::whole(height * factor));
        let mut pixmap = Pixmap::new(width, height)?;
        pixmap.fill(Color::WHITE);
        #[expect(clippy::cast_possible_truncation, reason = "a factor needs no more digits")]
        let factor = factor as f32;
        resvg::render(&self.0, Transform::from_scale(factor, factor), &mut pixmap.as_mut());
        let (pixels, _) = pixmap.data().as_chunks::<4>();
        let rgb = pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        RgbImage::from_raw(width, height, rgb)
    }
}

fn fonts() -> Database {
    let mut fonts = Database::new();
    for bytes in [SANS_BYTES, MONO_BYTES] {
        fonts.load_font_source(Source::Binary(Arc::new(bytes)));
    }
    fonts.set_serif_family(SANS);
    fonts.set_sans_serif_family(SANS);
    fonts.set_cursive_family(SANS);
    fonts.set_fantasy_family(SANS);
    fonts.set_monospace_family(MONO);
    fonts
}

/// The text with what XML reserves written out, and what it forbids left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_a_drawing_is_followed() {
        let outside = std::env::current_exe().unwrap();
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>\
             <image href='{}' width='10' height='10'/></svg>",
            outside.display()
        );
        let pixels = Drawing::parse(svg.as_bytes()).unwrap().draw(1.0).unwrap();
        assert!(pixels.pixels().all(|pixel| pixel.0 == [255; 3]));
    }

    #[test]
    fn text_is_drawn_with_the_fonts_of_the_program() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
                   <text x='2' y='15' font-family='Arial'>Åäö</text></svg>";
        let pixels = Drawing::parse(svg.as_bytes()).unwrap().draw(1.0).unwrap();
        assert!(pixels.pixels().any(|pixel| pixel.0[0] < 100));
    }

    #[test]
    fn reserved_letters_are_written_out() {
        assert_eq!(escape("a<b&\"c\u{1}\">"), "a&lt;b&amp;&quot;c&quot;&gt;");
    }
}
