//! Drawing pages.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use image::RgbImage;

use crate::scale;

/// Draws pages of one file; fonts and pictures that they share are read once.
#[derive(Default)]
pub(super) struct Painter<'a> {
    cache: RenderCache<'a>,
    settings: InterpreterSettings,
}

impl<'a> Painter<'a> {
    /// Draws a whole page on white paper. `factor`: from points to pixels.
    pub(super) fn page(&self, page: &'a Page<'a>, factor: f64) -> RgbImage {
        let (width, height) = page.render_dimensions();
        let width = scale::whole(f64::from(width) * factor);
        let height = scale::whole(f64::from(height) * factor);
        self.part(page, factor, 0, (width, height))
    }

    /// Draws the part of a page that begins `top` pixels below its upper edge.
    pub(super) fn part(
        &self,
        page: &'a Page<'a>,
        factor: f64,
        top: u32,
        (width, height): (u32, u32),
    ) -> RgbImage {
        let edge = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
        let mut context = RenderContext::new(edge(width), edge(height));
        let transform = Affine::translate((0.0, -f64::from(top)))
            * Affine::scale(factor)
            * page.initial_transform(true).to_kurbo();
        let settings = RenderSettings::default();
        render_into(page, &self.cache, &self.settings, &settings, &mut context, transform);
        context.flush();
        let mut pixmap = Pixmap::new(context.width(), context.height());
        let paper =
            RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), paper);
        opaque(&pixmap)
    }
}

/// The paper is white, so nothing is transparent any more.
fn opaque(pixmap: &Pixmap) -> RgbImage {
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    RgbImage::from_raw(width, height, rgb).expect("three bytes a pixel")
}
