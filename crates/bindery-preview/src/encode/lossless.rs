//! PNG with as few bits a pixel as the picture needs.

use std::collections::HashMap;
use std::io;

use image::RgbImage;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

/// Colours that a palette holds.
const PALETTE: usize = 256;

/// Encodes the picture: grey, with a palette, or in full colour.
pub(super) fn encode(pixels: &RgbImage) -> io::Result<Vec<u8>> {
    let (width, height) = pixels.dimensions();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_compression(Compression::Balanced);
    encoder.set_depth(BitDepth::Eight);
    let (triples, _) = pixels.as_raw().as_chunks::<3>();
    if triples.iter().all(|[red, green, blue]| red == green && green == blue) {
        encoder.set_color(ColorType::Grayscale);
        encoder.set_filter(Filter::NoFilter);
        let grey: Vec<u8> = triples.iter().map(|[grey, ..]| *grey).collect();
        write(encoder, &grey)?;
    } else if let Some((palette, indices)) = indexed(triples) {
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(palette);
        encoder.set_filter(Filter::NoFilter);
        write(encoder, &indices)?;
    } else {
        encoder.set_color(ColorType::Rgb);
        write(encoder, pixels.as_raw())?;
    }
    Ok(bytes)
}

fn write(encoder: Encoder<'_, &mut Vec<u8>>, data: &[u8]) -> io::Result<()> {
    let mut writer = encoder.write_header().map_err(io::Error::other)?;
    writer.write_image_data(data).map_err(io::Error::other)?;
    writer.finish().map_err(io::Error::other)
}

/// The palette and an index for each pixel, where the colours are few enough.
fn indexed(triples: &[[u8; 3]]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut palette = Vec::new();
    let mut indices = Vec::with_capacity(triples.len());
    // Neighbours are mostly equal: the last answer is asked first.
    let mut last: Option<([u8; 3], u8)> = None;
    for triple in triples {
        let index = match last {
            Some((colour, index)) if colour == *triple => index,
            _ => match known.get(triple) {
                Some(index) => *index,
                None => {
                    let index = u8::try_from(known.len()).ok().filter(|_| known.len() < PALETTE)?;
                    known.insert(*triple, index);
                    palette.extend_from_slice(triple);
                    index
                }
            },
        };
        last = Some((*triple, index));
        indices.push(index);
    }
    Some((palette, indices))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn comes_back(pixels: &RgbImage) {
        let bytes = encode(pixels).unwrap();
        assert_eq!(&image::load_from_memory(&bytes).unwrap().to_rgb8(), pixels);
    }

    #[test]
    fn pixels_come_back_as_they_were() {
        let step = |x: u32| u8::try_from(x % 256).unwrap();
        comes_back(&RgbImage::from_fn(9, 5, |x, y| Rgb([step(x * y); 3])));
        comes_back(&RgbImage::from_fn(9, 5, |x, _| Rgb([step(x), 7, 0])));
        comes_back(&RgbImage::from_fn(64, 64, |x, y| Rgb([step(x), step(y), step(x + y)])));
    }
}
