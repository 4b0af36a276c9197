//! The `bindery` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    bindery::cli::main()
}
