//! The report: rows of what was measured, against what, and the target.

/// All rows, in the order in which they were measured.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    what: String,
    measured: String,
    target: &'static str,
    is_met: bool,
}

impl Report {
    /// A figure that must be at least, or at most, a target; the caller says whether it is.
    pub(crate) fn judged(
        &mut self,
        what: impl Into<String>,
        measured: impl Into<String>,
        target: &'static str,
        is_met: bool,
    ) {
        self.push(Row { what: what.into(), measured: measured.into(), target, is_met });
    }

    fn push(&mut self, row: Row) {
        #[expect(clippy::print_stderr, reason = "progress for who waits")]
        {
            eprintln!("{}: {} (target {})", row.what, row.measured, row.target);
        }
        self.0.push(row);
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "the result of the program")]
    pub(crate) fn print(&self) {
        println!("| what | measured | target | met |\n|---|---|---|---|");
        for Row { what, measured, target, is_met } in &self.0 {
            let met = if *is_met { "yes" } else { "**no**" };
            println!("| {what} | {measured} | {target} | {met} |");
        }
    }
}
