//! Where else the options of the commands come from: the environment and the settings file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};

use crate::config::Config;

/// Lets every option of every command be given as `BINDERY_…`.
pub(super) fn with_environment(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        if !is_option(&arg) {
            return arg;
        }
        // Leaked: clap keeps names for the life of the process, and there are a few dozen.
        let name: &'static str = format!("BINDERY_{}", arg.get_id().as_str().to_uppercase()).leak();
        let arg = arg.env(name).hide_env_values(true);
        let arg =
            if arg.is_global_set() { arg.help_heading("Options of every command") } else { arg };
        match arg.get_action() {
            ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
            _ => arg,
        }
    });
    command.mut_subcommands(with_environment)
}

/// Lets the options that a command has for itself be given in the file, too. The settings of the server are taken
/// from it elsewhere: they are checked as a whole.
pub(super) fn with_file(command: Command, file: &BTreeMap<String, String>) -> Command {
    if file.is_empty() {
        return command;
    }
    let settings = Config::keys();
    let command = command.mut_args(|arg| {
        let key = arg.get_id().as_str();
        match file.get(key).filter(|_| is_option(&arg) && !settings.contains(&key)) {
            Some(value) => {
                let value: &'static str = value.clone().leak();
                arg.default_value(value).required(false)
            }
            None => arg,
        }
    });
    command.mut_subcommands(|inner| with_file(inner, file))
}

/// Every key that a file may have: the settings, and the options of all commands.
pub(super) fn keys(command: &Command) -> Vec<&str> {
    let own = command.get_arguments().filter(|arg| is_option(arg)).map(|arg| arg.get_id().as_str());
    let inner = command.get_subcommands().flat_map(|inner| keys(inner));
    own.filter(|key| *key != "config").chain(inner).collect()
}

/// The settings file that the arguments or the environment name. Looked for before clap reads them, since the file
/// changes what is required.
pub(super) fn file_named(
    arguments: impl Iterator<Item = OsString>,
    environment: Option<OsString>,
) -> Option<PathBuf> {
    let mut arguments = arguments.skip(1).take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(path) = argument.to_str().and_then(|text| text.strip_prefix("--config=")) {
            return Some(path.into());
        }
    }
    environment.filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn is_option(arg: &Arg) -> bool {
    !arg.is_positional() && !matches!(arg.get_id().as_str(), "help" | "version")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(arguments: &[&str], environment: Option<&str>) -> Option<PathBuf> {
        file_named(arguments.iter().map(OsString::from), environment.map(OsString::from))
    }

    #[test]
    fn the_file_is_found_wherever_it_is_named() {
        assert_eq!(named(&["bindery", "serve", "--config", "a"], Some("b")), Some("a".into()));
        assert_eq!(named(&["bindery", "--config=a", "serve"], None), Some("a".into()));
        assert_eq!(named(&["bindery", "serve"], Some("b")), Some("b".into()));
        assert_eq!(named(&["bindery", "provision", "--", "--config=a"], None), None);
        assert_eq!(named(&["bindery"], Some("")), None);
    }

    #[test]
    fn an_option_of_a_command_may_stand_in_the_file() {
        let args = [
            Arg::new("id").long("id").required(true),
            Arg::new("json").long("json").action(ArgAction::SetTrue),
        ];
        let command = Command::new("bindery").subcommand(Command::new("list").args(args));
        let file = BTreeMap::from([
            ("id".to_owned(), "a".to_owned()),
            ("json".to_owned(), "true".to_owned()),
        ]);
        assert_eq!(keys(&command), ["id", "json"]);
        let read = |arguments: &[&str]| {
            let matches = with_file(with_environment(command.clone()), &file)
                .try_get_matches_from(arguments)
                .unwrap();
            let list = matches.subcommand_matches("list").unwrap().clone();
            (list.get_one::<String>("id").unwrap().clone(), list.get_flag("json"))
        };
        assert_eq!(read(&["bindery", "list"]), ("a".to_owned(), true));
        assert_eq!(read(&["bindery", "list", "--id", "b"]), ("b".to_owned(), true));
    }
}
