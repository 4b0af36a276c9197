//! The command line: what it says, and where else its options come from.

mod sources;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::commands::{Command, Exit};
use crate::config::{CommonOptions, Config, ConfigError, ServeOptions, SettingsFile};
use crate::logging;

const ABOUT: &str =
    "A self-hosted document platform for property owners and construction projects.";
const MORE: &str = "\
Every option is also an environment variable and a key of the file that --config names: --data-dir is BINDERY_DATA_DIR and data_dir. A flag is stronger than the environment, the environment than the file. \
Durations are written 90s, 5m, 1h; sizes 10MiB, 5GiB. Results go to stdout, logs to stderr. \
Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// How long work on other threads may go on when the command is done.
const LAST_WORK: Duration = Duration::from_secs(5);

#[derive(Debug, Parser)]
#[command(name = "bindery", version, about = ABOUT, after_help = MORE, disable_help_subcommand = true)]
struct Cli {
    /// Settings file in TOML; bindery.example.toml shows the settings of the server [default: none]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    common: CommonOptions,
    #[command(subcommand)]
    command: Command,
}

/// Runs the program on the arguments and the environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    // The server starts one for every file: it must be quick, and lock itself down while it is the only thread.
    if std::env::args_os().skip(1).eq(["worker"]) {
        return bindery_preview::run_worker();
    }
    match read().map_err(anyhow::Error::from).and_then(run) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("bindery: {error:#}"));
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}

/// Reads the command line, the environment and the settings file. Ends the process for `--help` and for what clap
/// refuses, with its own words and exit code 2.
fn read() -> Result<(Command, Config), ConfigError> {
    let command = sources::with_environment(Cli::command());
    let arguments = std::env::args_os();
    let file = match sources::file_named(arguments, std::env::var_os("BINDERY_CONFIG")) {
        Some(path) => SettingsFile::read(&path, &sources::keys(&command))?,
        None => SettingsFile::default(),
    };
    let matches = sources::with_file(command, &file.texts()?).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let serve = match &cli.command {
        Command::Serve(options) => (**options).clone(),
        _ => ServeOptions::default(),
    };
    Ok((cli.command, Config::resolve(cli.common, serve, &file)?))
}

fn run((command, config): (Command, Config)) -> anyhow::Result<Exit> {
    logging::init(&config.logging);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(command.run(config));
    // A file system that hangs must not keep the process: whatever was acknowledged is durable.
    runtime.shutdown_timeout(LAST_WORK);
    ended
}

/// One line, whatever the cause said.
fn say(message: &str) {
    let line: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    #[expect(
        clippy::print_stderr,
        reason = "the cause of a failure goes to stderr, also where logs are off"
    )]
    {
        eprintln!("{}", line.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_command(command: &clap::Command, see: &mut impl FnMut(&clap::Command)) {
        see(command);
        command.get_subcommands().for_each(|inner| every_command(inner, see));
    }

    #[test]
    fn the_command_line_is_sound() {
        sources::with_environment(Cli::command()).debug_assert();
    }

    #[test]
    fn every_option_says_what_it_means_and_has_an_environment_variable() {
        every_command(&sources::with_environment(Cli::command()), &mut |command| {
            for arg in command.get_arguments() {
                let name = format!("{} {}", command.get_name(), arg.get_id());
                assert!(arg.get_help().is_some(), "{name} has no help");
                assert!(arg.is_positional() || arg.get_env().is_some(), "{name} has no variable");
            }
        });
    }

    #[test]
    fn every_setting_tells_its_default() {
        let command = Cli::command();
        let serve = command.find_subcommand("serve").unwrap();
        for arg in command.get_arguments().chain(serve.get_arguments()) {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let is_alias = arg.get_id() == "database_url_file";
            assert!(help.contains("[default: ") || is_alias, "{}: {help}", arg.get_id());
        }
    }
}
