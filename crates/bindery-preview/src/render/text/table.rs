//! Values separated by commas, semicolons or tabs become columns.

use crate::render::lines::Line;

/// Rows that are looked at to find the separator and the widths of columns.
const LOOKED_AT: usize = 200;
/// Letters of a column; what is longer is cut, so that the next column is still on the sheet.
const WIDEST: usize = 28;
/// Rows that are laid out.
const MOST_ROWS: usize = 5_000;

/// The rows as lines, columns below each other, the first as a heading.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let separator = separator(text);
    let rows: Vec<Vec<String>> =
        text.lines().take(MOST_ROWS).map(|line| fields(line, separator)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in rows.iter().take(LOOKED_AT) {
        widths.resize(widths.len().max(row.len()), 1);
        for (width, field) in widths.iter_mut().zip(row) {
            *width = (*width).max(field.chars().count().min(WIDEST));
        }
    }
    let mut lines: Vec<Line> = rows.iter().map(|row| Line::plain(joined(row, &widths))).collect();
    if let Some(first) = lines.first_mut() {
        *first = Line::heading(std::mem::take(&mut first.text));
    }
    lines
}

/// The separator that occurs most in the first rows.
fn separator(text: &str) -> char {
    let count = |separator: char| {
        text.lines().take(LOOKED_AT).map(|line| line.matches(separator).count()).sum::<usize>()
    };
    [';', '\t', ','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

/// Splits a row; a field in quotes may hold the separator, and a doubled quote is one (RFC 4180, section 2).
fn fields(line: &str, separator: char) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                push(&mut fields, '"');
            }
            '"' => is_quoted = !is_quoted,
            letter if letter == separator && !is_quoted => fields.push(String::new()),
            letter => push(&mut fields, letter),
        }
    }
    fields
}

fn push(fields: &mut [String], letter: char) {
    if let Some(last) = fields.last_mut() {
        last.push(letter);
    }
}

fn joined(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().enumerate().map(|(index, field)| {
        let width = widths.get(index).copied().unwrap_or(WIDEST);
        let cut: String = field.trim().chars().take(width).collect();
        format!("{cut:width$}")
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let lines = lines("Nr;Namn\n1;\"Plan; 1\"\n20;\"\"\"x\"\"\"\n");
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["Nr  Namn", "1   Plan; 1", "20  \"x\""]);
    }

    #[test]
    fn decimal_commas_are_not_separators() {
        assert_eq!(separator("a;b\n1,5;2,5\n3,5;4\n5;6;7;8\n"), ';');
    }
}
