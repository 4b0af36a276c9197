//! The command line: what it says, and where else its options come from.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};

use crate::commands::{Command, Exit};
use crate::config::{CommonOptions, Config, ConfigError, ServeOptions};
use crate::logging;

const ABOUT: &str =
    "A self-hosted document platform for property owners and construction projects.";
const MORE: &str = "\
Every option is also an environment variable: --data-dir is BINDERY_DATA_DIR. The settings of the server are also keys of the file that \
--config names: data_dir. A flag is stronger than the environment, the environment than the file. \
Durations are written 90s, 5m, 1h; sizes 10MiB, 5GiB. Results go to stdout, logs to stderr. \
Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// How long work on other threads may go on when the command is done.
const LAST_WORK: Duration = Duration::from_secs(5);

#[derive(Debug, Parser)]
#[command(name = "bindery", version, about = ABOUT, after_help = MORE, disable_help_subcommand = true)]
struct Cli {
    /// Settings file in TOML; bindery.example.toml shows every key [default: none]
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
    let matches = with_environment(Cli::command()).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match run(cli) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("bindery: {error:#}"));
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    let serve = match &cli.command {
        Command::Serve(options) => (**options).clone(),
        _ => ServeOptions::default(),
    };
    let config = Config::load(cli.common, serve, cli.config.as_deref())?;
    logging::init(&config.logging);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(cli.command.run(config));
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

/// Lets every option of every command be given as `BINDERY_…`.
fn with_environment(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        if arg.is_positional() || matches!(arg.get_id().as_str(), "help" | "version") {
            return arg;
        }
        // Leaked: clap keeps names for the life of the process, and there are a few dozen.
        let name: &'static str = format!("BINDERY_{}", arg.get_id().as_str().to_uppercase()).leak();
        let arg = arg.env(name).hide_env_values(true);
        match arg.get_action() {
            ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
            _ => arg,
        }
    });
    command.mut_subcommands(with_environment)
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
        with_environment(Cli::command()).debug_assert();
    }

    #[test]
    fn every_option_says_what_it_means_and_has_an_environment_variable() {
        every_command(&with_environment(Cli::command()), &mut |command| {
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
