//! Colour profiles: what the numbers of a picture mean.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// The picture in sRGB. A profile that is broken or of another kind is passed over, as browsers do.
pub(super) fn to_srgb(pixels: RgbImage, profile: Option<&[u8]>) -> RgbImage {
    let Some(profile) = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok()) else {
        return pixels;
    };
    if profile.color_space != DataColorSpace::Rgb {
        return pixels;
    }
    converted(&profile, Layout::Rgb, pixels.as_raw(), pixels.dimensions()).unwrap_or(pixels)
}

/// Pixels of a layout and profile in sRGB.
pub(super) fn converted(
    profile: &ColorProfile,
    layout: Layout,
    from: &[u8],
    (width, height): (u32, u32),
) -> Option<RgbImage> {
    let srgb = ColorProfile::new_srgb();
    let transform = profile
        .create_transform_8bit(layout, &srgb, Layout::Rgb, TransformOptions::default())
        .ok()?;
    let mut to = vec![0; width as usize * height as usize * 3];
    transform.transform(from, &mut to).ok()?;
    RgbImage::from_raw(width, height, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_wide_profile_makes_colours_stronger_in_srgb() {
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        let pixels = RgbImage::from_pixel(2, 2, Rgb([200, 40, 40]));
        let shown = to_srgb(pixels.clone(), Some(&profile));
        assert!(shown.get_pixel(0, 0)[0] > 205, "{:?}", shown.get_pixel(0, 0));
        assert_eq!(to_srgb(pixels.clone(), None), pixels);
    }

    #[test]
    fn a_broken_profile_is_passed_over() {
        let pixels = RgbImage::from_pixel(1, 1, Rgb([1, 2, 3]));
        assert_eq!(to_srgb(pixels.clone(), Some(b"no profile")), pixels);
    }
}
