//! How large a picture means to be: dots per inch.

use image::ImageFormat;

use super::tiff;

/// Below and above, a file does not know what it says.
const BELIEVED: std::ops::RangeInclusive<f64> = 20.0..=5000.0;
const INCHES_PER_METRE: f64 = 39.370_078_740_157_48;
const CENTIMETRES_PER_INCH: f64 = 2.54;

/// What the file says, if anything.
pub(super) fn dpi(format: ImageFormat, bytes: &[u8]) -> Option<f64> {
    let dpi = match format {
        ImageFormat::Png => png(bytes),
        ImageFormat::Jpeg => jfif(bytes),
        ImageFormat::Tiff => tiff::dpi(bytes),
        _ => None,
    };
    dpi.filter(|dpi| BELIEVED.contains(dpi))
}

/// The chunk `pHYs`: pixels for each unit, and whether that is a metre (PNG, section 11.3.4.3).
fn png(bytes: &[u8]) -> Option<f64> {
    let mut chunks = bytes.get(8..)?;
    loop {
        let (length, rest) = chunks.split_first_chunk::<4>()?;
        let (name, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        match name {
            b"pHYs" => {
                let is_metre = *rest.get(8)? == 1;
                let (across, _) = rest.split_first_chunk::<4>()?;
                let across = f64::from(u32::from_be_bytes(*across));
                return is_metre.then_some(across / INCHES_PER_METRE);
            }
            b"IDAT" => return None,
            _ => chunks = rest.get(length.checked_add(4)?..)?,
        }
    }
}

/// The segment `JFIF`: its unit and its horizontal density (ITU-T T.871, section 10.1).
fn jfif(bytes: &[u8]) -> Option<f64> {
    let segment = bytes.get(2..)?.strip_prefix(&[0xff, 0xe0])?.get(2..)?.strip_prefix(b"JFIF\0")?;
    let [_, _, unit, high, low, ..] = segment else {
        return None;
    };
    let density = f64::from(u16::from_be_bytes([*high, *low]));
    match unit {
        1 => Some(density),
        2 => Some(density * CENTIMETRES_PER_INCH),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_are_read_and_nonsense_is_not_believed() {
        let mut jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02\x01\x01\x2c\x01\x2c\0\0".to_vec();
        assert_eq!(dpi(ImageFormat::Jpeg, &jpeg), Some(300.0));
        jpeg[14..16].copy_from_slice(&[0, 1]);
        assert_eq!(dpi(ImageFormat::Jpeg, &jpeg), None);
    }
}
