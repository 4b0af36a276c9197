//! The colour index of AutoCAD on white paper.

/// Colours 1 to 9; white is drawn black.
const NAMED: [[u8; 3]; 10] = [
    [0, 0, 0],
    [255, 0, 0],
    [204, 170, 0],
    [0, 170, 0],
    [0, 160, 180],
    [0, 0, 255],
    [220, 0, 220],
    [0, 0, 0],
    [65, 65, 65],
    [128, 128, 128],
];
/// How bright the ten steps of a hue are, in percent; every second is half as strong.
const BRIGHTNESS: [u32; 5] = [100, 80, 60, 45, 30];
/// What is lighter than this cannot be seen on white; it is darkened.
const LIGHTEST: u32 = 190;

/// The colour of an index as red, green and blue.
pub(super) fn rgb(index: i64) -> [u8; 3] {
    match usize::try_from(index) {
        Ok(index @ 0..10) => NAMED[index],
        Ok(index @ 10..250) => visible(hue(index)),
        Ok(index @ 250..256) => [level((index - 250) * 30); 3],
        _ => NAMED[0],
    }
}

/// 24 hues of 15 degrees, ten steps each.
fn hue(index: usize) -> [u8; 3] {
    let (hue, step) = ((index - 10) / 10, (index - 10) % 10);
    let top = BRIGHTNESS[step / 2] as usize * 255 / 100;
    let floor = if step % 2 == 1 { top / 2 } else { 0 };
    let (sextant, within) = (hue / 4, hue % 4);
    let rising = level(floor + (top - floor) * within / 4);
    let falling = level(floor + (top - floor) * (4 - within) / 4);
    let (top, floor) = (level(top), level(floor));
    match sextant {
        0 => [top, rising, floor],
        1 => [falling, top, floor],
        2 => [floor, top, rising],
        3 => [floor, falling, top],
        4 => [rising, floor, top],
        _ => [top, floor, falling],
    }
}

fn visible(colour: [u8; 3]) -> [u8; 3] {
    let [red, green, blue] = colour.map(u32::from);
    let luma = (red * 299 + green * 587 + blue * 114) / 1000;
    if luma <= LIGHTEST {
        return colour;
    }
    colour.map(|channel| u8::try_from(u32::from(channel) * LIGHTEST / luma).unwrap_or(u8::MAX))
}

fn level(value: usize) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_have_their_hue_and_nothing_is_white() {
        assert_eq!(rgb(1), [255, 0, 0]);
        assert_eq!(rgb(7), [0, 0, 0]);
        assert_eq!(rgb(10), [255, 0, 0]);
        assert_eq!(rgb(170), [0, 0, 255]);
        for index in 0..300 {
            let [red, green, blue] = rgb(index).map(u32::from);
            assert!(red * 299 + green * 587 + blue * 114 <= LIGHTEST * 1000 + 1000, "{index}");
        }
    }
}
