//! The letters of TEXT and MTEXT.

use super::curves::Point;
use super::entities::Entity;

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) lines: Vec<String>,
    pub(super) at: Point,
    /// Height of capital letters.
    pub(super) height: f64,
    /// Turn in radians.
    pub(super) turn: f64,
    pub(super) across: Across,
    /// How many lines the first foot is below the point: 0 for texts that stand on it.
    pub(super) drop: f64,
}

/// On which side of its point a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Across {
    Right,
    Centred,
    Left,
}

/// Reads a text entity; nothing where it says nothing.
pub(super) fn read(entity: &Entity<'_>) -> Option<Text> {
    let height = entity.number(40).filter(|height| *height > 0.0)?;
    let text =
        if entity.kind == "MTEXT" { several(entity, height) } else { single(entity, height) };
    text.filter(|text| text.lines.iter().any(|line| !line.trim().is_empty()))
}

fn single(entity: &Entity<'_>, height: f64) -> Option<Text> {
    // Attributes may be there without being shown.
    const INVISIBLE: i64 = 1;
    if entity.kind != "TEXT" && entity.whole(70).unwrap_or_default() & INVISIBLE != 0 {
        return None;
    }
    let (across, upward) =
        (entity.whole(72).unwrap_or_default(), entity.whole(73).unwrap_or_default());
    let is_aligned = across != 0 || upward != 0;
    let at = entity.point(11).filter(|_| is_aligned).or_else(|| entity.point(10))?;
    let across = match across {
        1 | 4 => Across::Centred,
        2 => Across::Left,
        _ => Across::Right,
    };
    let drop = match upward {
        3 => 1.0,
        2 => 0.5,
        _ => 0.0,
    };
    let turn = entity.number(50).unwrap_or_default().to_radians();
    Some(Text { lines: vec![symbols(entity.text(1)?)], at, height, turn, across, drop })
}

fn several(entity: &Entity<'_>, height: f64) -> Option<Text> {
    let parts = entity.groups.iter().filter(|group| matches!(group.code, 1 | 3));
    let raw: String = parts.map(|group| group.value).collect();
    let lines: Vec<String> = plain(&raw).lines().map(symbols).collect();
    let turn = match entity.point(11) {
        Some((x, y)) => y.atan2(x),
        None => entity.number(50).unwrap_or_default().to_radians(),
    };
    // One to nine: left, centre, right of the top, the middle, the bottom.
    let attachment = entity.whole(71).unwrap_or(1).clamp(1, 9) - 1;
    let across =
        [Across::Right, Across::Centred, Across::Left][usize::try_from(attachment % 3).ok()?];
    let count = f64::from(u32::try_from(lines.len()).ok()?);
    let drop = match attachment / 3 {
        0 => 1.0,
        1 => 1.0 - count * LINE / 2.0,
        _ => 1.0 - count * LINE,
    };
    Some(Text { lines, at: entity.point(10)?, height, turn, across, drop })
}

/// From line to line, in heights.
pub(super) const LINE: f64 = 1.66;

/// An MTEXT without its codes of format: `\P` ends a line, `\A1;` and the like are gone, `\S1/2;` is a fraction.
fn plain(raw: &str) -> String {
    let mut plain = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            if !matches!(letter, '{' | '}') {
                plain.push(letter);
            }
            continue;
        }
        match letters.next() {
            Some('P' | 'X' | 'N') => plain.push('\n'),
            Some('~') => plain.push(' '),
            Some(escaped @ ('\\' | '{' | '}')) => plain.push(escaped),
            Some('U') => plain.push_str("\\U"),
            Some('S') => {
                let stacked = letters.by_ref().take_while(|letter| *letter != ';');
                plain.extend(
                    stacked.map(|letter| if matches!(letter, '^' | '#') { '/' } else { letter }),
                );
            }
            Some('A' | 'C' | 'c' | 'F' | 'f' | 'H' | 'Q' | 'T' | 'W' | 'p') => {
                letters.by_ref().find(|letter| *letter == ';');
            }
            _ => {}
        }
    }
    plain
}

/// `%%c`, `%%d`, `%%p` and `\U+00C4` become the letters that they stand for.
fn symbols(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(letter) = rest.chars().next() {
        if let Some(code) = rest.strip_prefix("%%").and_then(|rest| rest.chars().next()) {
            rest = &rest[2 + code.len_utf8()..];
            match code.to_ascii_lowercase() {
                'c' => text.push('Ø'),
                'd' => text.push('°'),
                'p' => text.push('±'),
                '%' => text.push('%'),
                _ => {}
            }
            continue;
        }
        if let Some(coded) = rest.strip_prefix("\\U+").and_then(|rest| rest.get(..4))
            && let Some(letter) = u32::from_str_radix(coded, 16).ok().and_then(char::from_u32)
        {
            text.push(letter);
            rest = &rest[7..];
            continue;
        }
        text.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_format_are_taken_out() {
        assert_eq!(plain(r"{\fArial|b0;PLAN 1}\PH\~200 \S1/2; \\ \A1;x"), "PLAN 1\nH 200 1/2 \\ x");
    }

    #[test]
    fn symbols_are_the_letters_they_stand_for() {
        assert_eq!(symbols(r"%%c20 %%p5%%d V\U+00C4GG 100%%% %%uA"), "Ø20 ±5° VÄGG 100% A");
    }
}
