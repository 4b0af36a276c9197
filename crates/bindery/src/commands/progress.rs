//! Progress of long work: a bar on a terminal, nothing elsewhere, always on stderr.

use indicatif::{ProgressBar, ProgressStyle};

/// How far a command is.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Counts bytes whose total is not known before.
    pub(crate) fn bytes(verb: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(verb);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {bytes} ({bytes_per_sec})")
        {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Counts documents whose number is not known before.
    pub(crate) fn documents(doing: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(doing);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} documents") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Counts things whose total is not known before.
    pub(crate) fn count(verb: &'static str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(verb);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So much is done.
    pub(crate) fn set(&self, done: u64) {
        self.0.set_position(done);
    }

    /// All is done; the bar goes.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
