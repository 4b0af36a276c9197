//! The `bindery` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A seventh of the time of a document read went into the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    bindery::cli::main()
}
