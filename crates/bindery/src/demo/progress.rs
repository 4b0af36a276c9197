//! How far a long run is: a bar on a terminal, a line for each tenth elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Steps of a part that is over before a line about it is read.
const SHORT: u64 = 10_000;

/// Shown on standard error; results belong to standard output.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_shown: bool,
    name: &'static str,
    total: u64,
    done: u64,
    tenths: u64,
}

impl Progress {
    /// Shows what is worth it: `is_shown` false says nothing at all.
    pub(crate) fn new(is_shown: bool) -> Self {
        Self { bar: None, is_shown, name: "", total: 0, done: 0, tenths: 0 }
    }

    /// Begins a part of the work of so many steps.
    pub(crate) fn stage(&mut self, name: &'static str, total: u64) {
        self.finish();
        (self.name, self.total, self.done, self.tenths) = (name, total, 0, 0);
        if self.is_shown && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template(
                "{msg:16} {bar:40} {human_pos}/{human_len} {per_sec} {eta}",
            );
            let bar = ProgressBar::new(total).with_message(name);
            self.bar = Some(match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            });
        }
    }

    /// So many steps are done.
    pub(crate) fn advance(&mut self, steps: u64) {
        self.done += steps;
        if let Some(bar) = &self.bar {
            bar.inc(steps);
        } else if self.is_shown && self.total >= SHORT {
            let tenths = self.done * 10 / self.total;
            if tenths > self.tenths {
                self.tenths = tenths;
                eprintln!("{}: {} of {}", self.name, self.done, self.total);
            }
        }
    }

    /// The part is done.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish();
        }
    }
}
