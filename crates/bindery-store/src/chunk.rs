//! Lists of any length, read piece by piece.

/// A piece of a list. The caller asks again with `next` until there is none, and so holds one piece at a time.
#[derive(Debug, Clone)]
pub struct Chunk<R, C> {
    /// The rows in the list's order.
    pub rows: Vec<R>,
    /// Where the next piece begins; `None` after the last.
    pub next: Option<C>,
}

impl<R, C> Chunk<R, C> {
    /// Makes a piece of rows that were asked for with a limit; each comes with its place in the order.
    pub(crate) fn new(rows: Vec<(R, C)>, limit: i64) -> Self {
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
        let mut next = None;
        let rows = rows
            .into_iter()
            .map(|(row, place)| {
                next = Some(place);
                row
            })
            .collect();
        Self { rows, next: next.filter(|_| is_full) }
    }
}
