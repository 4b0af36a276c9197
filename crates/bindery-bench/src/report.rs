//! The report: rows of what was measured, against what, and the target.

/// All rows, in the order in which they were measured.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    what: String,
    measured: String,
    /// With what is wanted, and whether it is so.
    target: Option<(&'static str, bool)>,
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
        self.push(Row {
            what: what.into(),
            measured: measured.into(),
            target: Some((target, is_met)),
        });
    }

    /// A figure of which nothing is wanted.
    pub(crate) fn told(&mut self, what: impl Into<String>, measured: impl Into<String>) {
        self.push(Row { what: what.into(), measured: measured.into(), target: None });
    }

    fn push(&mut self, row: Row) {
        #[expect(clippy::print_stderr, reason = "progress for who waits")]
        {
            eprintln!(
                "{}: {} (target {})",
                row.what,
                row.measured,
                row.target.map_or("none", |(target, _)| target)
            );
        }
        self.0.push(row);
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "the result of the program")]
    pub(crate) fn print(&self) {
        println!("| what | measured | target | met |\n|---|---|---|---|");
        for Row { what, measured, target } in &self.0 {
            let (target, met) = match target {
                Some((target, true)) => (*target, "yes"),
                Some((target, false)) => (*target, "**no**"),
                None => ("–", "–"),
            };
            println!("| {what} | {measured} | {target} | {met} |");
        }
    }
}
