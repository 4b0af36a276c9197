//! Pages of a TIFF: a chain of directories (TIFF 6.0, section 2).

use std::borrow::Cow;

/// Pages that are counted; a chain that goes on is a circle or a joke.
const MOST_PAGES: u32 = 10_000;
/// Bytes of a directory's entry.
const ENTRY_BYTES: usize = 12;

/// The file as if the page were its first, and how many pages there are.
pub(super) fn page(bytes: &[u8], number: u32) -> Option<(Cow<'_, [u8]>, u32)> {
    let file = Tiff::new(bytes)?;
    let mut place = file.number(4)?;
    let mut chosen = None;
    let mut count = 0;
    while place != 0 && count < MOST_PAGES {
        count += 1;
        if count == number {
            chosen = Some(place);
        }
        let Some(next) = file.next(place) else {
            break;
        };
        place = next;
    }
    let chosen = chosen?;
    if number == 1 {
        return Some((Cow::Borrowed(bytes), count));
    }
    let mut changed = bytes.to_vec();
    changed[4..8].copy_from_slice(&file.bytes_of(chosen));
    Some((Cow::Owned(changed), count))
}

/// Dots per inch of the first page: tags 282 (pixels for each unit) and 296 (the unit).
pub(super) fn dpi(bytes: &[u8]) -> Option<f64> {
    const RESOLUTION: u32 = 282;
    const UNIT: u32 = 296;
    const CENTIMETRES: u32 = 3;
    const CENTIMETRES_PER_INCH: f64 = 2.54;
    let file = Tiff::new(bytes)?;
    let first = file.number(4)?;
    let place = usize::try_from(file.value(first, RESOLUTION)?).ok()?;
    let per_unit = f64::from(file.number(place)?) / f64::from(file.number(place + 4)?);
    let is_metric = file.short_value(first, UNIT) == Some(CENTIMETRES);
    Some(if is_metric { per_unit * CENTIMETRES_PER_INCH } else { per_unit })
}

struct Tiff<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_little = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { bytes, is_little })
    }

    fn number(&self, place: impl TryInto<usize>) -> Option<u32> {
        let place = place.try_into().ok()?;
        let bytes = self.bytes.get(place..place.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn short(&self, place: usize) -> Option<u16> {
        let bytes = self.bytes.get(place..place.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn bytes_of(&self, number: u32) -> [u8; 4] {
        if self.is_little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    /// Where the entries of a directory begin, and their number.
    fn entries(&self, directory: u32) -> Option<(usize, usize)> {
        let directory = usize::try_from(directory).ok()?;
        Some((directory + 2, usize::from(self.short(directory)?)))
    }

    /// The place of the next directory, 0 after the last.
    fn next(&self, directory: u32) -> Option<u32> {
        let (begin, count) = self.entries(directory)?;
        self.number(begin + count * ENTRY_BYTES)
    }

    /// Where the value of a tag is.
    fn place(&self, directory: u32, tag: u32) -> Option<usize> {
        let (begin, count) = self.entries(directory)?;
        let is_it = |entry: &usize| self.short(*entry).map(u32::from) == Some(tag);
        let entry = (0..count).map(|index| begin + index * ENTRY_BYTES).find(is_it)?;
        Some(entry + 8)
    }

    fn value(&self, directory: u32, tag: u32) -> Option<u32> {
        self.number(self.place(directory, tag)?)
    }

    fn short_value(&self, directory: u32, tag: u32) -> Option<u32> {
        self.short(self.place(directory, tag)?).map(u32::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two empty directories.
    const TWO: [u8; 20] = [b'I', b'I', 42, 0, 8, 0, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn a_page_becomes_the_first() {
        let (bytes, count) = page(&TWO, 2).unwrap();
        assert_eq!((count, bytes[4]), (2, 14));
        assert!(page(&TWO, 3).is_none());
    }

    #[test]
    fn a_circle_of_pages_ends() {
        let mut circle = TWO;
        circle[16] = 8;
        assert_eq!(page(&circle, 1).unwrap().1, MOST_PAGES);
    }
}
