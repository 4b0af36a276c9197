//! How a child can die.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use thiserror::Error;

/// How Rust's allocator says that there is no more memory.
const NO_MEMORY: &str = "memory allocation of";

/// A child that died before it had what was asked for.
#[derive(Debug, Error)]
pub enum WorkerError {
    /// It crashed.
    #[error("the worker crashed: {detail}")]
    Crashed {
        /// How it ended and what it complained of, for the log.
        detail: String,
    },
    /// It used up its processor time, or the clock ran out.
    #[error("the worker ran out of time")]
    TimedOut,
    /// It used up its memory.
    #[error("the worker ran out of memory")]
    OutOfMemory,
    /// It wrote more than it may.
    #[error("the worker wrote too much")]
    OutputTooLarge,
    /// It could not be started or watched: nothing that the file could help.
    #[error("cannot run the worker")]
    Spawn(#[source] io::Error),
}

impl WorkerError {
    /// A short sentence for people.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Crashed { .. } => "The file is damaged.",
            Self::TimedOut => "The file takes too long to render.",
            Self::OutOfMemory => "The file takes too much memory to render.",
            Self::OutputTooLarge => "The preview would be too large.",
            Self::Spawn(_) => "The preview could not be made.",
        }
    }

    /// Whether another file would have fared better: false for what is wrong with the machine.
    #[must_use]
    pub fn is_fault_of_file(&self) -> bool {
        !matches!(self, Self::Spawn(_))
    }

    /// What a child's end means.
    pub(super) fn of(status: ExitStatus, complaint: &str) -> Self {
        match status.signal() {
            Some(libc::SIGXCPU) => Self::TimedOut,
            Some(libc::SIGABRT) if complaint.contains(NO_MEMORY) => Self::OutOfMemory,
            _ => Self::Crashed { detail: format!("{status}: {complaint}") },
        }
    }
}
