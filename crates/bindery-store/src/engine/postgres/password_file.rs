//! The password where libpq looks for it: `PGPASSWORD`, then the file of `PGPASSFILE`, else `~/.pgpass`.
//!
//! A line of the file is `host:port:database:user:password`; `*` stands for anything, `\` makes the next letter plain.
//! The first line that fits counts. <https://www.postgresql.org/docs/current/libpq-pgpass.html>

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Others may neither read nor write the file.
const OTHERS: u32 = 0o077;

/// The password for a server, if one is given.
pub(super) fn find(config: &Config) -> Option<String> {
    if let Ok(password) = std::env::var("PGPASSWORD") {
        return Some(password);
    }
    let file = std::env::var_os("PGPASSFILE")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".pgpass")))?;
    password_in(&read(&file)?, config)
}

/// A file that others can read gives no password, as with libpq.
fn read(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    if file.metadata().ok()?.mode() & OTHERS != 0 {
        tracing::warn!(
            "the password file {} is not used: others may read it; chmod 0600 it",
            path.display()
        );
        return None;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    Some(text)
}

fn password_in(text: &str, config: &Config) -> Option<String> {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        // The place of a socket is written as the host; the default one as localhost.
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let user = config.get_user().unwrap_or_default();
    let wanted = [host.as_str(), port.as_str(), config.get_dbname().unwrap_or(user), user];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = fields(line);
        let password = (fields.len() == 5).then(|| fields.pop()).flatten()?;
        let fits = fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted);
        fits.then_some(password)
    })
}

/// The fields of a line; the last is all that is left.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let is_last = fields.len() == 5;
        match letter {
            '\\' => fields.last_mut().into_iter().for_each(|field| field.extend(letters.next())),
            ':' if !is_last => fields.push(String::new()),
            letter => fields.last_mut().into_iter().for_each(|field| field.push(letter)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_counts() {
        let text =
            "# hosts\nother:*:*:*:no\ndb.example:5432:rows:bindery:a\\:b\\\\c:d\n*:*:*:*:last\n";
        let ask = |url: &str| password_in(text, &url.parse().unwrap());
        assert_eq!(ask("postgres://bindery@db.example/rows").as_deref(), Some("a:b\\c:d"));
        assert_eq!(ask("postgres://bindery@db.example:6000/rows").as_deref(), Some("last"));
        assert_eq!(ask("postgres://bindery@other/rows").as_deref(), Some("no"));
        assert_eq!(password_in("a:b", &"postgres://u@h/d".parse().unwrap()), None);
    }

    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pgpass");
        std::fs::write(&file, "*:*:*:*:secret\n").unwrap();
        for (mode, expected) in [(0o644, None), (0o600, Some("*:*:*:*:secret\n"))] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&file).as_deref(), expected);
        }
    }
}
