//! A program for developers: the worker without the server, and what it makes of a folder of files.
//!
//! `bindery-preview worker` is what `bindery worker` is, except that a file which begins with `misbehave:` makes it try
//! what a worker must not be able to do. `bindery-preview corpus FOLDER [OUT]` renders every file of a folder, prints a
//! table and keeps the pictures in OUT.

mod corpus;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let mut path = || arguments.next().map(PathBuf::from);
    match (command.to_str(), path(), path()) {
        (Some("worker"), None, None) => bindery_preview::misbehave::run_worker(),
        (Some("corpus"), Some(folder), out) => corpus::run(&folder, out.as_deref()),
        _ => corpus::usage(),
    }
}
