//! Where letters stand on the sheet.

use super::{ADVANCE_PT, HEIGHT_PT, LINE_PT, Line, MARGIN_PT, Style, WIDTH_PT};
use crate::Word;

/// Columns that a tab goes on to.
const TAB: usize = 4;

/// One line as it stands on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) style: Style,
}

/// Letters in a row.
fn columns() -> usize {
    whole((WIDTH_PT - 2.0 * MARGIN_PT) / ADVANCE_PT)
}

/// Rows on a sheet.
fn rows() -> usize {
    whole((HEIGHT_PT - 2.0 * MARGIN_PT) / LINE_PT)
}

fn whole(number: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a quotient of the constants above"
    )]
    {
        number as usize
    }
}

/// How far below the margin a row begins, in points.
pub(super) fn offset(row: usize) -> f64 {
    f64::from(u32::try_from(row).unwrap_or(u32::MAX)) * LINE_PT
}

/// Breaks lines and deals them out; there is always one page.
pub(super) fn pages(lines: &[Line]) -> Vec<Vec<Row>> {
    let broken: Vec<Row> = lines.iter().flat_map(broken).collect();
    if broken.is_empty() {
        return vec![Vec::new()];
    }
    broken.chunks(rows()).map(<[Row]>::to_vec).collect()
}

/// Breaks a line where a word ends, or within a word that is longer than a row.
fn broken(line: &Line) -> Vec<Row> {
    let letters: Vec<char> = expanded(&line.text);
    let width = columns();
    let mut broken = Vec::new();
    let mut rest = letters.as_slice();
    while rest.len() > width {
        let space = rest[..=width].iter().rposition(|letter| *letter == ' ');
        // A space in the first half would leave a row nearly empty.
        let end = space.filter(|space| *space > width / 2).unwrap_or(width);
        broken.push(Row { text: rest[..end].iter().collect(), style: line.style });
        rest = &rest[end..];
        rest = rest.strip_prefix(&[' ']).unwrap_or(rest);
    }
    broken.push(Row { text: rest.iter().collect(), style: line.style });
    broken
}

/// Tabs become spaces; other control letters vanish.
fn expanded(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\t' => letters.resize((letters.len() / TAB + 1) * TAB, ' '),
            letter if letter.is_control() => {}
            letter => letters.push(letter),
        }
    }
    letters
}

/// The words of a page with their boxes.
pub(super) fn words(rows: &[Row]) -> Vec<Word> {
    let mut words = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut column = 0_u32;
        for piece in row.text.split(' ') {
            let length = u32::try_from(piece.chars().count()).unwrap_or(u32::MAX);
            if length > 0 {
                words.push(Word {
                    text: piece.to_owned(),
                    x: MARGIN_PT + f64::from(column) * ADVANCE_PT,
                    y: MARGIN_PT + offset(index),
                    width: f64::from(length) * ADVANCE_PT,
                    height: LINE_PT,
                });
            }
            column = column.saturating_add(length).saturating_add(1);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.text.as_str()).collect()
    }

    #[test]
    fn a_long_line_is_broken_between_words() {
        let long = format!("{} {}", "a".repeat(60), "b".repeat(60));
        assert_eq!(texts(&broken(&Line::plain(long))), ["a".repeat(60), "b".repeat(60)]);
        let endless = "x".repeat(columns() + 1);
        assert_eq!(texts(&broken(&Line::plain(endless))), ["x".repeat(columns()), "x".to_owned()]);
    }

    #[test]
    fn tabs_stand_on_columns() {
        assert_eq!(texts(&broken(&Line::plain("a\tb"))), ["a   b"]);
    }

    #[test]
    fn a_sheet_is_full_after_its_last_row() {
        let lines = vec![Line::plain("x"); rows() + 1];
        assert_eq!(pages(&lines).iter().map(Vec::len).collect::<Vec<_>>(), [rows(), 1]);
        assert_eq!(pages(&[]).len(), 1);
    }

    #[test]
    fn words_know_where_they_stand() {
        let rows = [
            Row { text: String::new(), style: Style::Plain },
            broken(&Line::plain("ab  cd"))[0].clone(),
        ];
        let words = words(&rows);
        assert_eq!(words[1].text, "cd");
        assert!((words[1].x - (MARGIN_PT + 4.0 * ADVANCE_PT)).abs() < 1e-9);
        assert!((words[1].y - (MARGIN_PT + LINE_PT)).abs() < 1e-9);
    }
}
