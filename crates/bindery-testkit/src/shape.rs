//! In which of its shapes the program is tested: `BINDERY_TEST_SHAPE=solo` (default) or `scale-out`.
//!
//! Tests name a data folder, whatever the shape. With `scale-out` each folder has a PostgreSQL database that goes
//! with it, which the program is told of by `BINDERY_DATABASE_URL`. Tests of what only one shape has are in a module
//! named after it: `solo` or `scale_out`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use crate::{PostgresDatabase, PostgresServer};

/// A shape of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The embedded database.
    Solo,
    /// A PostgreSQL server.
    ScaleOut,
}

impl Shape {
    /// The shape of this test run.
    pub fn of_run() -> Self {
        static SHAPE: OnceLock<Shape> = OnceLock::new();
        *SHAPE.get_or_init(|| match std::env::var("BINDERY_TEST_SHAPE").as_deref() {
            Err(_) | Ok("solo") => Self::Solo,
            Ok("scale-out") => Self::ScaleOut,
            Ok(other) => panic!("BINDERY_TEST_SHAPE is {other:?}, neither solo nor scale-out"),
        })
    }
}

/// The variable that tells the program of its database.
pub(crate) const DATABASE_URL: &str = "BINDERY_DATABASE_URL";

static DATABASES: Mutex<Option<HashMap<PathBuf, PostgresDatabase>>> = Mutex::new(None);

/// The PostgreSQL server of this test binary, with a database that the program has migrated.
pub fn postgres(program: &Path) -> &'static PostgresServer {
    let program = program.to_owned();
    PostgresServer::shared(move |url| {
        let migrated = Command::new(program)
            .args(["migrate", "--database-url", url])
            .current_dir(std::env::temp_dir())
            .output()
            .unwrap();
        assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    })
}

/// What the program is told in its environment so that it finds what goes with a data folder.
pub(crate) fn environment(program: &Path, data_dir: &Path) -> Vec<(String, String)> {
    match Shape::of_run() {
        Shape::Solo => Vec::new(),
        Shape::ScaleOut => vec![(DATABASE_URL.to_owned(), database_url(program, data_dir))],
    }
}

fn database_url(program: &Path, data_dir: &Path) -> String {
    let mut databases = DATABASES.lock().unwrap();
    let databases = databases.get_or_insert_default();
    let database =
        databases.entry(data_dir.to_owned()).or_insert_with(|| postgres(program).database());
    database.url()
}

/// Forgets the database of a data folder that is gone.
pub(crate) fn drop_database(data_dir: &Path) {
    let database = DATABASES.lock().unwrap().as_mut().and_then(|all| all.remove(data_dir));
    drop(database);
}

/// Changes rows behind the program's back. Panics when the statement fails.
pub fn tamper(data_dir: &Path, sql: &str) {
    match Shape::of_run() {
        Shape::Solo => {
            let database = rusqlite::Connection::open(data_dir.join("bindery.db")).unwrap();
            assert!(database.execute(sql, []).unwrap() > 0, "{sql} changes nothing");
        }
        Shape::ScaleOut => {
            let databases = DATABASES.lock().unwrap();
            databases.as_ref().and_then(|all| all.get(data_dir)).expect("no such place").run(sql);
        }
    }
}
