//! The child: locks itself down, renders its standard input, writes frames, ends.

mod lockdown;
mod office;
mod sink;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::frames::Frame;
use crate::source::Source;
use crate::{Outcome, RenderRequest, render};
pub(crate) use office::{CONVERSION_VARIABLE, Conversion};
pub(crate) use sink::Sink;

/// The environment variable that carries the order: not an argument, since others on the machine can read those.
pub(crate) const ORDER_VARIABLE: &str = "BINDERY_WORKER_ORDER";

/// Exit code of a worker that was called by hand.
const WRONG_USAGE: u8 = 2;
/// Exit code of a worker that could not lock itself down, or not become LibreOffice: it has read nothing of the file.
pub(crate) const NOT_BEGUN: u8 = 3;

/// What a child is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) request: RenderRequest,
    /// Which part of a pyramid; each is a run of its own, so that none needs more than a run may use.
    pub(crate) band: u32,
    /// Address space.
    pub(crate) memory_bytes: u64,
    /// Processor time.
    pub(crate) cpu_secs: u64,
    /// Pages whose size and text are read.
    pub(crate) pages: u32,
    /// Pixels of a picture that is decoded.
    pub(crate) pixels: u64,
}

impl Order {
    /// When work that may be left undone should stop: two thirds of the processor time.
    pub(crate) fn soft_limit(&self) -> Duration {
        Duration::from_secs(self.cpu_secs) * 2 / 3
    }
}

/// Renders the file on standard input as the environment says: what `bindery worker` does.
///
/// Call it before the process has any other thread: the locks are those of the calling thread.
#[must_use]
pub fn run_worker() -> ExitCode {
    run_worker_with(render::render)
}

/// [`run_worker`] with other work, so that the locks can be tried from inside.
pub(crate) fn run_worker_with(
    work: impl FnOnce(&Order, &mut Source, &mut Sink) -> io::Result<Outcome>,
) -> ExitCode {
    if let Ok(conversion) = std::env::var(CONVERSION_VARIABLE) {
        let failed = match serde_json::from_str(&conversion) {
            Ok(conversion) => office::become_office(&conversion),
            Err(error) => error.into(),
        };
        complain(&failed.to_string());
        return ExitCode::from(NOT_BEGUN);
    }
    let Some(order) = std::env::var(ORDER_VARIABLE).ok() else {
        complain("this command is the server's own: it renders a file in a process of its own");
        return ExitCode::from(WRONG_USAGE);
    };
    let begun = serde_json::from_str(&order).map_err(io::Error::other).and_then(begin);
    let (order, source, sink) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(NOT_BEGUN);
        }
    };
    match run(&order, source, sink, work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// All that comes before the file's first byte. The frame tells the parent that it is done.
fn begin(order: Order) -> io::Result<(Order, Source, Sink)> {
    let source = Source::stdin()?;
    let mut sink = Sink::stdout(order.soft_limit())?;
    let unprotected = lockdown::lock_down(&order)?;
    sink.send(&Frame::Unprotected(unprotected))?;
    Ok((order, source, sink))
}

fn run(
    order: &Order,
    mut source: Source,
    mut sink: Sink,
    work: impl FnOnce(&Order, &mut Source, &mut Sink) -> io::Result<Outcome>,
) -> io::Result<()> {
    std::panic::set_hook(Box::new(|panic| complain(&panic.to_string())));
    // A parser that gives up by panicking has told that the file is damaged.
    let outcome = catch_unwind(AssertUnwindSafe(|| work(order, &mut source, &mut sink)))
        .unwrap_or_else(|_| Ok(Outcome::failed("The file is damaged.")))?;
    sink.end(outcome)
}

/// One line to standard error, where the parent looks when the child died.
fn complain(message: &str) {
    let line = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    #[expect(clippy::print_stderr, reason = "the parent reads why its child died from there")]
    {
        eprintln!("bindery worker: {line}");
    }
}
